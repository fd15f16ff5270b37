/**
 * Effects and post scripts of a dance: listed before the merge, carried out after it.
 *
 * @module
 */
import { type DueEffect, NOTHING_DUE } from "../due/mod.ts";
import { besides, commandLine, deduplicate, type Effect } from "../effects/mod.ts";
import { emptyUsage } from "../metrics/mod.ts";
import type { EffectResult } from "../result/mod.ts";
import { interpreterOf } from "../sandbox/mod.ts";
import { error, failure, info } from "../terminal/mod.ts";
import { carryOutDue, keyOf, retryOwed, tickOff } from "./carry_out_due.ts";
import type { Dance } from "./dance.ts";
import { openWithoutMerge, settle } from "./due.ts";
import { withOutput } from "./output.ts";
import { keptContent } from "./post_script.ts";
import { whileWaiting } from "./signals.ts";
import { type Compared, Finished, type Merged } from "./values.ts";
import { own } from "../text/own.ts";

/**
 * Carry out effects and post scripts on the live system, after those that earlier dances owe. The
 * calling thread must have left the union's namespace: what it starts must see the host's mounts.
 */
export async function carryOutEffects(dance: Merged): Promise<Finished> {
  const { context, id, outcome } = dance;
  const all = allEffects(dance, dance.listing.wanted);
  if (context.root !== "/") {
    const results = all.map((effect) => skipped(context.root, effect));
    await settle(context, id);
    return new Finished(dance, results);
  }
  const keys = new Set(all.map(keyOf));
  const { signal } = dance.interrupt;
  const covered = await whileWaiting(dance, () => retryOwed({ context, signal }, keys));
  const due = outcome.due?.effects ?? all.map(asDue);
  if (outcome.generation === null && due.length > 0) {
    openWithoutMerge(context, id, { ...NOTHING_DUE, effects: due });
  }
  const results: EffectResult[] = [];
  for (const [number, one] of due.entries()) {
    const result = await carryOutOne(dance, number, one);
    results.push(result);
    if (result.status !== "done") continue;
    const same = covered.filter(({ what }) => keyOf(what.effect) === keyOf(one.effect));
    for (const owed of same) await tickOff(context, owed, "done");
  }
  await settle(context, id);
  const left = results.filter(({ error }) => error === NOT_BEGUN).length;
  if (left > 0) error(`${left} effects ${NOT_BEGUN}`);
  return new Finished(dance, results);
}

/** What became of effects that were due when the dance was asked to end. */
const NOT_BEGUN =
  "were not carried out: the dance was interrupted; the next dance, or disco recover, does it";

function skipped(root: string, effect: Effect): EffectResult {
  const { ball, argv } = effect;
  info(`effect of ${ball} skipped, "${root}" is not running: ${commandLine(argv)}`);
  return { ...kept(effect), status: "skipped" };
}

async function carryOutOne(dance: Dance, number: number, due: DueEffect): Promise<EffectResult> {
  const { context, id } = dance;
  const { effect } = due;
  const { ball, script, argv } = effect;
  const what = commandLine(argv);
  const { signal } = dance.interrupt;
  if (signal.aborted) return { ...kept(effect), status: "failed", error: NOT_BEGUN };
  info(`effect of ${ball}: ${what}${besides(effect)}`);
  const start = dance.meter.clock();
  const outcome = await whileWaiting(
    dance,
    () => carryOutDue({ context, id, signal }, number, due),
  );
  const time_real = dance.meter.clock() - start;
  const name = isPost(effect) ? script : what;
  const usage = outcome.usage ?? emptyUsage(outcome.ok ? 0 : 137);
  dance.meter.add({ ...usage, ball, stage: "fs-merge", name, start, time_real });
  if (outcome.ok) return { ...kept(effect), status: "done" };
  const { output } = outcome;
  failure({ message: `Effect of ball "${ball}" failed: ${what} ${outcome.error}`, output });
  return { ...kept(effect), status: "failed", error: outcome.error, ...withOutput(output) };
}

/** What a result says of an effect: what it reads, and values of variables, may be secret. */
export function kept(effect: Effect): Omit<EffectResult, "status"> {
  const { ball, script, argv, cwd, input, environment } = effect;
  return {
    ball,
    script,
    argv: [...argv],
    ...cwd === "/" ? {} : { cwd },
    ...input === undefined ? {} : { input: Uint8Array.fromBase64(input).length },
    ...environment === undefined ? {} : { environment: Object.keys(environment) },
  };
}

/** The post scripts of the balls that were applied, in the order of the plan. */
function postScripts(dance: Compared): Effect[] {
  const { balls } = dance.progress;
  const { leftOut } = dance.comparison;
  const applied = dance.order.filter((name) =>
    own(balls, name)?.status === "ok" && !leftOut?.includes(name)
  );
  return applied.flatMap((name) => {
    const ball = dance.ball(name);
    return ball.post.map((path) => {
      const real = `${ball.dir}/post/${path}`;
      return { ball: name, script: `post/${path}`, cwd: "/", argv: [...interpreterOf(real), real] };
    });
  });
}

/** The effects that are wanted, each once, then post scripts. */
export function allEffects(dance: Compared, wanted: readonly Effect[]): Effect[] {
  return [...deduplicate(wanted), ...postScripts(dance)];
}

/** An effect as it is written down: a post script with its content. */
export function asDue(effect: Effect): DueEffect {
  if (!isPost(effect)) return { effect };
  const content = keptContent(effect.argv.at(-1)!);
  return content === undefined ? { effect } : { effect, content };
}

function isPost({ script }: Effect): boolean {
  return script.startsWith("post/");
}
