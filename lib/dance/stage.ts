/**
 * A stage that runs alone: takes up the dance in progress, and leaves it for the next stage.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { Dance } from "./dance.ts";
import { Lock } from "../state/lock.ts";
import { enter, leave } from "./mount.ts";
import { requireRoot } from "./require_root.ts";
import { untilInterrupted } from "./signals.ts";

/** What a stage needs. */
export interface StageOptions {
  /** The stage's name. */
  readonly stage: string;
  /** The stage that must have run before; null for one that may begin a dance. */
  readonly after: string | null;
}

/** Run a stage on the dance in progress, inside its union if it is mounted. */
export async function runStage<T>(
  context: Context,
  { stage, after }: StageOptions,
  use: (dance: Dance) => T | Promise<T>,
): Promise<T> {
  requireRoot(`run the stage ${stage}`);
  using _lock = new Lock(context);
  const dance = after === null
    ? Dance.current(context) ?? Dance.begin(context, { keepGoing: false })
    : Dance.inProgress(context, after);
  enter(dance);
  try {
    return await untilInterrupted(dance, async () => await use(dance));
  } finally {
    await dance.eta?.close();
    if (dance.entered) dance.union = dance.entered.union.state;
    leave(dance);
    if (!dance.isOver) dance.save();
  }
}
