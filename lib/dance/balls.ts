/**
 * All balls of the plan, one after the other; what a failure means for the others.
 *
 * @module
 */
import { explained } from "../error/mod.ts";
import { debugStack, failure } from "../terminal/mod.ts";
import { beginBall, render, runScripts } from "./apply.ts";
import { Applied, type Ready } from "./values.ts";
import { withOutput } from "./output.ts";
import { hintWithoutRoot } from "./rootless.ts";
import { own } from "../text/own.ts";

/** Apply every ball. After a failure nothing is applied any more, unless the dance keeps going. */
export async function applyBalls(dance: Ready): Promise<Applied> {
  let isOver = false;
  for (const name of dance.order) {
    dance.checkInterrupt();
    const culprit = isOver ? "the dance stopped" : failedRequirement(dance, name);
    const reason = dance.excluded.get(name) ?? dance.progress.refused.get(name);
    if (reason !== undefined) {
      failure({ message: reason });
      dance.progress.balls[name] = { status: "failed", changes: 0, error: reason };
    } else if (culprit) {
      dance.progress.balls[name] = { status: "skipped", changes: 0, error: culprit };
    } else if (!await applyBall(dance, name)) isOver = !dance.options.keepGoing;
  }
  return new Applied(dance);
}

/** Apply one ball; false if it failed, with the reason kept and shown. */
export async function applyBall(dance: Ready, name: string): Promise<boolean> {
  try {
    const ball = dance.ball(name);
    beginBall(dance, ball);
    await render(dance, ball);
    await runScripts(dance, ball);
    dance.progress.balls[name] = { status: "ok", changes: 0, error: null };
    return true;
  } catch (e) {
    dance.checkInterrupt();
    failBall(dance, name, e);
    return false;
  }
}

/** Note that a ball failed, for whatever reason, and throw away what it did and asked for. */
export function failBall(dance: Ready, name: string, reason: unknown): void {
  const { progress } = dance;
  const e = explained(reason, `apply ball "${name}"`);
  const hint = [e.hint, hintWithoutRoot()].filter(Boolean).join("; ");
  failure({ message: e.message, hint, output: e.output });
  debugStack(e);
  progress.balls[name] = {
    status: "failed",
    changes: 0,
    error: e.message,
    ...withOutput(e.output),
  };
  progress.effects = progress.effects.filter(({ ball }) => ball !== name);
  delete progress.delivered[name];
  try {
    dance.mounted.dropBall(name);
  } catch (cause) {
    throw explained(cause, `throw away what ball "${name}" did`);
  }
}

/** The reason for skipping a ball: one that it comes after, and that failed or was skipped. */
function failedRequirement(dance: Ready, name: string): string | undefined {
  const edges = dance.plan.edges.filter(({ after }) => after === name);
  const edge = edges.find(({ before }) => own(dance.progress.balls, before)?.status !== "ok");
  return edge && `it comes after "${edge.before}", which failed`;
}
