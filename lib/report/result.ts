/**
 * The outcome of a dance: the JSON document that `--json` prints and `result.json` keeps.
 *
 * @module
 */
import type { Change } from "../changes/types.ts";
import type { Metric } from "../metrics/mod.ts";

/** How a ball ended. */
export interface BallResult {
  name: string;
  status: "ok" | "failed" | "skipped";
  /** How many paths it changed. */
  changes: number;
  error: string | null;
}

/** An action on the running system, and what became of it. */
export interface EffectResult {
  ball: string;
  script: string;
  argv: string[];
  status: "would-run" | "done" | "failed" | "skipped";
  /** What it said when it failed. */
  error?: string;
}

/** Something that the union could not try. */
export interface NotSimulated {
  ball: string;
  what: string;
}

/** The outcome of a dance; `schema` grows when the meaning of a field changes. */
export interface Result {
  schema: 1;
  /** The dance's id. */
  dance: string;
  node: string;
  noop: boolean;
  ok: boolean;
  merged: boolean;
  /** ISO 8601 in UTC. */
  started: string;
  finished: string;
  /** Why the dance failed as a whole; null if it did not, or if only balls or effects failed. */
  error: string | null;
  /** The generation that the merge left, for `rollback`. */
  generation: string | null;
  balls: BallResult[];
  changes: Change[];
  effects: EffectResult[];
  notSimulated: NotSimulated[];
  metrics: Metric[];
}

/** Seconds from beginning to end. */
export function durationOf(result: Result): number {
  return Math.max(0, Date.parse(result.finished) - Date.parse(result.started)) / 1000;
}
