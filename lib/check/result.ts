/**
 * The outcome of a check: the JSON document that `--json` prints.
 *
 * @module
 */
import type { Change, NotSimulated } from "../result/mod.ts";
import type { Effect } from "../effects/mod.ts";

/** `prediction`: as a dry run. `result`: as a live run. `again`: as a live run, on top of it. */
export type RoundName = "prediction" | "result" | "again";

/** A round that came to no end. */
export interface RoundFailure {
  round: RoundName;
  /** The ball that failed: the one that is checked, or one that it requires. */
  ball: string;
  error: string;
}

/** A path whose result differs from the prediction; null where there was no change. */
export interface Surprise {
  path: string;
  predicted: Change | null;
  result: Change | null;
}

/** Why a live dance would merge nothing of it. */
export interface Refusal {
  error: string;
  hint: string;
}

/** An effect that only one of dry and live run asks for. */
export interface EffectSurprise {
  ball: string;
  argv: readonly string[];
  predicted: boolean;
  result: boolean;
}

/** What is shown of an effect. */
export type ShownEffect = Pick<Effect, "ball" | "script" | "cwd" | "argv">;

/** The outcome; `schema` grows when the meaning of a field changes. It shows nothing of secrets. */
export interface CheckResult {
  schema: 1;
  ball: string;
  node: string;
  /** The ball and what it requires, in the order of the plan. */
  balls: string[];
  ok: boolean;
  /** Whether it changes nothing when it runs again; null where that could not be found out. */
  idempotent: boolean | null;
  /** Whether a dry run tells what a live run does; null where that could not be found out. */
  predictable: boolean | null;
  /** The dry run failed only because it has no network. */
  needsNetwork: boolean;
  failures: RoundFailure[];
  /** What the guards before a merge would say; null where they let it pass. */
  refusal: Refusal | null;
  /** What a live run changes on this machine. */
  changes: Change[];
  /** What the same live run changes after that. */
  again: Change[];
  surprises: Surprise[];
  /** What the live run asks for, each once. */
  effects: ShownEffect[];
  /** What it asks for when it runs again; `isNew` if it did not the first time. */
  effectsAgain: (ShownEffect & { isNew: boolean })[];
  effectSurprises: EffectSurprise[];
  /** What a dry run cannot vouch for. */
  notSimulated: NotSimulated[];
}
