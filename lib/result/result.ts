/**
 * The outcome of a dance: the JSON document that `--json` prints and `result.json` keeps.
 *
 * @module
 */
import type { Change } from "./change.ts";
import type { Metric } from "../metrics/mod.ts";
import type { RefusalKind } from "./refusal.ts";

/** How a ball ended. */
export interface BallResult {
  /** The ball's name. */
  name: string;
  /** Skipped: a ball that it comes after failed, or the dance stopped. */
  status: "ok" | "failed" | "skipped";
  /** How many paths it changed. */
  changes: number;
  /** Why it failed or was skipped. */
  error: string | null;
  /** The last lines of what its script that failed has printed. */
  output?: string[];
}

/** An action on the running system, and what became of it. */
export interface EffectResult {
  /** The ball that asked for it. */
  ball: string;
  /** The script that asked for it, relative to the ball. */
  script: string;
  /** The command line. */
  argv: string[];
  /** The folder that it was asked for in; `/` without it. */
  cwd?: string;
  /** How many bytes it reads from standard input; none without it. */
  input?: number;
  /** The names of the variables that its script exported for it. */
  environment?: string[];
  /** What became of it. */
  status: "would-run" | "done" | "failed" | "skipped";
  /** How it failed. */
  error?: string;
  /** The last lines of what it printed when it failed. */
  output?: string[];
}

/** An effect that failed, of this dance or of an earlier one, and is tried again by the next. */
export interface OwedEffect {
  /** What `disco owed --forget` takes. */
  id: string;
  /** The ball that asked for it. */
  ball: string;
  /** The script that asked for it, relative to the ball. */
  script: string;
  /** The command line. */
  argv: string[];
  /** When it failed first, ISO 8601 in UTC. */
  since: string;
  /** How often it was begun. */
  tried: number;
  /** What went wrong the last time. */
  error: string;
  /** Whether it waits for a person: it was cut off, and may not be one that can run twice. */
  held: boolean;
}

/**
 * What could not be tried: put off until after the merge (`effect`, `post`), not carried over
 * (`socket`), parted from other names of its file (`names`), not part of the union (`place`), or
 * refused by the sandbox or the policy.
 */
export type NotSimulatedKind = RefusalKind | "effect" | "names" | "post" | "socket";

/** Something that the union could not try. */
export interface NotSimulated {
  /** The ball that tried it; empty where none did. */
  ball: string;
  /** The script that tried it, relative to the ball; empty where none did. */
  script: string;
  /** What kind of thing it is. */
  kind: NotSimulatedKind;
  /** What was not tried, and why. */
  what: string;
}

/** A command that tried the finished tree before the merge. */
export interface TriedCheck {
  /** The command line. */
  argv: string[];
  /** The first changed path for which it was tried. */
  path: string;
  /** The ball that changed it; empty where none did. */
  ball: string;
  /** `not-tried`: it said itself that it could not be tried. */
  status: "passed" | "failed" | "warned" | "not-tried";
  /** What went wrong. */
  error?: string;
  /** The last lines of what it printed, unless it passed. */
  output?: string[];
}

/** An orphan, and what becomes of it. */
export interface Orphan {
  /** The ball that delivered it. */
  readonly ball: string;
  /** Absolute, inside the root. */
  readonly path: string;
  /** `kept`: no option says that it goes. `changed`: it was changed by hand, and is kept. */
  readonly status: "purged" | "kept" | "changed";
}

/** The outcome of a dance; `schema` grows when the meaning of a field changes. */
export interface Result {
  /** The version of this document. */
  schema: 1;
  /** The DISCO that danced. */
  version?: string;
  /** The dance's id. */
  dance: string;
  /** The node that danced. */
  node: string;
  /** The universe that it was danced from, as it was given. */
  universe?: string;
  /** Whether it was a dry run. */
  noop: boolean;
  /** Whether all went well. */
  ok: boolean;
  /** Whether the changes are on the live root. */
  merged: boolean;
  /** ISO 8601 in UTC. */
  started: string;
  /** ISO 8601 in UTC. */
  finished: string;
  /** Why the dance failed as a whole; null if it did not, or if only balls or effects failed. */
  error: string | null;
  /** The generation that the merge left, for `rollback`. */
  generation: string | null;
  /** In the order of the plan. */
  balls: BallResult[];
  /** Sorted by path. */
  changes: Change[];
  /** In the order in which they are carried out. */
  effects: EffectResult[];
  /** What was tried before the merge. */
  checks?: TriedCheck[];
  /** What is owed once the dance has ended. */
  owed?: OwedEffect[];
  /** What a dry run cannot vouch for. */
  notSimulated: NotSimulated[];
  /** What balls delivered once, and deliver no more. */
  orphans?: Orphan[];
  /** What the steps cost. */
  metrics: Metric[];
}

/** Seconds from beginning to end. */
export function durationOf(result: Result): number {
  return Math.max(0, Date.parse(result.finished) - Date.parse(result.started)) / 1000;
}
