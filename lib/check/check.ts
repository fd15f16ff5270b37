/**
 * The check: three rounds of a ball and what it requires, and what is to be thought of them.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  fetchShown,
  refusePending,
  requireRoot,
  sayRootless,
  untilInterrupted,
  whileWaiting,
} from "../dance/mod.ts";
import { isListed, Lock } from "../state/mod.ts";
import type { Effect } from "../effects/mod.ts";
import { redactChange } from "../result/mod.ts";
import { info, printable, warning } from "../terminal/mod.ts";
import { type Checked, untilUndisturbed } from "./disturbed.ts";
import { effectSurprisesOf, surprisesOf, without } from "./compare.ts";
import type { CheckResult, RoundFailure, RoundName, ShownEffect } from "./result.ts";
import { perform, predict, type Round, type Rounds } from "./rounds.ts";
import { CheckState } from "./state.ts";
import type { Subject } from "./subject.ts";

/** Check a ball on this machine, which is left as it is. What keeps it from beginning is thrown. */
export async function checkBall(
  context: Context,
  subject: Subject,
  { allowDeletions }: { allowDeletions?: number | undefined } = {},
): Promise<CheckResult> {
  requireRoot("check a ball", { tried: true });
  sayRootless(context);
  using _lock = new Lock(context);
  refusePending(context, "check a ball");
  using state = new CheckState(context, subject.universe);
  const interrupt = new AbortController();
  return await untilInterrupted({ interrupt }, async () => {
    const { fetched, plan } = await planOf(state.context, subject.ball, interrupt);
    const rounds = { context: state.context, fetched, plan, interrupt, allowDeletions };
    const at = { ball: subject.ball, root: context.root };
    return await untilUndisturbed(at, () => check(state, subject.ball, rounds));
  });
}

async function check(state: CheckState, ball: string, rounds: Rounds): Promise<Checked> {
  const { context } = state;
  info("round 1, prediction: as a dry run");
  const prediction = await predict(rounds);
  info("round 2, result: as a live run, of which nothing is merged");
  const { result, again } = await perform(
    rounds,
    () => info("round 3, again: as a live run on top of it"),
  );
  const isOffline = !context.settings.flag("disco/client/noop/network");
  let needsNetwork = false;
  if (prediction.failure && !result.failure && isOffline) {
    info("round 1 once more: as a dry run that has the network");
    needsNetwork = (await predict({ ...rounds, context: state.networked })).failure === null;
  }
  const checked = {
    schema: 1 as const,
    ball,
    node: context.node,
    balls: rounds.plan.order.map(({ name }) => name),
    ...judge(prediction, result, again),
    needsNetwork,
  };
  return { result: checked, others: prediction.others };
}

/** The plan for the ball and what it requires, and for nothing else that the node lists. */
async function planOf(
  context: Context,
  ball: string,
  interrupt: AbortController,
): Promise<Pick<Rounds, "fetched" | "plan">> {
  const fetched = await whileWaiting(
    { interrupt },
    () => fetchShown(context, undefined, { asked: [ball] }),
    { leave: true },
  );
  const { planFetched } = await import("../plan/mod.ts");
  const listed = fetched.listed.filter(({ by }) => by.kind === "asked");
  const plan = planFetched(context, { ...fetched, listed });
  info(`node ${context.node}, universe ${printable(fetched.server)}`);
  for (const note of fetched.notes ?? []) warning(printable(note));
  if (!isListed(context, fetched)) {
    warning(`the universe does not list "${context.node}": balls have their own parameters only`);
  }
  info(`plan: ${plan.order.map(({ name }) => name).join(", ")}`);
  return { fetched, plan };
}

type Judgement = Omit<CheckResult, "schema" | "ball" | "node" | "balls" | "needsNetwork">;

function judge(prediction: Round, result: Round, again: Round | null): Judgement {
  const failures = [
    ...failureOf("prediction", prediction),
    ...failureOf("result", result),
    ...failureOf("again", again),
  ];
  const isComparable = !prediction.failure && !result.failure;
  const surprises = isComparable ? surprisesOf(prediction.changes, result.changes) : [];
  const effectSurprises = isComparable ? effectSurprisesOf(prediction.effects, result.effects) : [];
  const news = without(again?.effects ?? [], result.effects);
  const predictable = result.failure
    ? null
    : !prediction.failure && surprises.length + effectSurprises.length === 0;
  const idempotent = again && !again.failure && again.changes.length + news.length === 0;
  return {
    ok: failures.length === 0 && !result.refusal && predictable === true && idempotent === true,
    idempotent,
    predictable,
    failures,
    refusal: result.refusal,
    changes: result.changes.map(redactChange),
    again: (again?.changes ?? []).map(redactChange),
    surprises: surprises.map(({ path, predicted, result }) => ({
      path,
      predicted: predicted && redactChange(predicted),
      result: result && redactChange(result),
    })),
    effects: result.effects.map(shownEffect),
    effectsAgain: (again?.effects ?? []).map((effect) => ({
      ...shownEffect(effect),
      isNew: news.includes(effect),
    })),
    effectSurprises,
    notSimulated: prediction.notSimulated,
  };
}

/** What an effect reads, and what variables hold, may be secret. */
function shownEffect({ ball, script, cwd, argv }: Effect): ShownEffect {
  return { ball, script, cwd, argv };
}

function failureOf(round: RoundName, outcome: Round | null): RoundFailure[] {
  return outcome?.failure ? [{ round, ...outcome.failure }] : [];
}
