/**
 * Stages that treat one ball, run alone.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { usageError } from "../command_line/mod.ts";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { failBall } from "./balls.ts";
import type { Ready } from "./values.ts";
import { readyAgain, runStage } from "./stage.ts";
import { own } from "../text/own.ts";

/** Run a stage for the one ball that the words name; its failure is the ball's. */
export function runBallStage(
  context: Context,
  stage: string,
  words: readonly string[],
  use: (dance: Ready, ball: Ball) => Promise<void>,
): Promise<number> {
  const [name] = words;
  if (name === undefined || words.length > 1) {
    throw usageError(`"${stage}" needs the name of one ball`);
  }
  return runStage(context, stage, async (mounted, seen) => {
    const dance = readyAgain(mounted);
    seen(dance);
    const ball = dance.ball(name);
    try {
      await use(dance, ball);
      return 0;
    } catch (e) {
      if (e instanceof DiscoError && e.code !== 1) throw e;
      failBall(dance, name, e);
      return 1;
    }
  });
}

/** Throw unless the layer on top is this ball's. */
export function requireLayerOf(dance: Ready, ball: Ball): void {
  if (dance.mounted.layers.at(-1)?.ball === ball.name) return;
  throw new DiscoError(`Cannot run the scripts of ball "${ball.name}": it has not been rendered`, {
    code: 3,
    hint: `run exec-render ${ball.name}`,
  });
}

/** Throw unless every ball of the plan was applied without a failure. */
export function requireWhole(dance: Ready): void {
  const missing = dance.order.filter((name) => own(dance.progress.balls, name)?.status !== "ok");
  if (missing.length === 0) return;
  throw new DiscoError(`Cannot merge: not applied, or failed: ${missing.join(", ")}`, {
    hint: "apply them with exec-render and exec-run, or give --keep-going",
  });
}
