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
import { sayWouldExecute } from "./asked.ts";
import { carryOutDue, keyOf, retryOwed, tickOff } from "./carry_out_due.ts";
import type { Dance } from "./dance.ts";
import { openWithoutMerge, settle } from "./due.ts";
import { notePutOff } from "./not_simulated.ts";
import { wantedEffects } from "./reactions.ts";
import { tellOrphans } from "./orphans.ts";
import { withOutput } from "./output.ts";
import { keptContent } from "./post_script.ts";
import { whileWaiting } from "./signals.ts";
import { refuseUnfit } from "./waiting.ts";

/** What effects there are, each once, and what becomes of them in a dry run; throws for unfit ones. */
export function listEffects(dance: Dance): void {
  const changes = dance.progress.difference?.changes ?? [];
  const { effects, late } = wantedEffects(dance, changes);
  refuseUnfit(dance, effects, changes);
  dance.progress.wanted = effects.map(({ needs: _, ...effect }) => effect);
  tellOrphans(dance);
  if (dance.context.noop) late.forEach(sayWouldExecute);
  const status = dance.context.noop ? "would-run" : "skipped";
  dance.progress.results = allEffects(dance)
    .map((effect) => ({ ...kept(effect), status }));
  notePutOff(dance);
}

/**
 * Carry out effects and post scripts on the live system, after those that earlier dances owe. The
 * calling thread must have left the union's namespace: what it starts must see the host's mounts.
 * Returns whether all of this dance went well.
 */
export async function carryOutEffects(dance: Dance): Promise<boolean> {
  const { context, progress, id } = dance;
  const all = allEffects(dance);
  if (context.root !== "/") {
    progress.results = all.map((effect) => skipped(context.root, effect));
    await settle(context, id);
    return true;
  }
  const keys = new Set(all.map(keyOf));
  const { signal } = dance.interrupt;
  const covered = await whileWaiting(dance, () => retryOwed({ context, signal }, keys));
  const due = dance.due?.effects ?? all.map(asDue);
  if (progress.generation === null && due.length > 0) {
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
  progress.results = results;
  await settle(context, id);
  const left = results.filter(({ error }) => error === NOT_BEGUN).length;
  if (left > 0) error(`${left} effects ${NOT_BEGUN}`);
  return results.every(({ status }) => status !== "failed");
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
function kept(effect: Effect): Omit<EffectResult, "status"> {
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
function postScripts(dance: Dance): Effect[] {
  const { balls, leftOut } = dance.progress;
  const applied = dance.order.filter((name) =>
    balls[name]?.status === "ok" && !leftOut?.includes(name)
  );
  return applied.flatMap((name) => {
    const ball = dance.ball(name);
    return ball.post.map((path) => {
      const real = `${ball.dir}/post/${path}`;
      return { ball: name, script: `post/${path}`, cwd: "/", argv: [...interpreterOf(real), real] };
    });
  });
}

/** Effects, each once, then post scripts. */
export function allEffects(dance: Dance): Effect[] {
  const { wanted, effects } = dance.progress;
  return [...deduplicate(wanted ?? effects), ...postScripts(dance)];
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
