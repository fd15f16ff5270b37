/**
 * Stage `fs-merge`: the changes reach the live root, then the effects and post scripts are carried
 * out there.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, explained } from "../error.ts";
import { carryOut, commandLine, deduplicate, type Effect } from "../effects/mod.ts";
import { commit, prune, rehearse } from "../merge/mod.ts";
import { isRootless } from "../posix/mod.ts";
import type { Place } from "../union/mod.ts";
import { emptyUsage } from "../metrics/mod.ts";
import type { EffectResult } from "../report/mod.ts";
import { environmentOf, interpreterOf } from "../sandbox/mod.ts";
import { debugStack, error, failure, info, warning } from "../terminal/mod.ts";
import { armWatcher, requireConfirmation } from "./confirm.ts";
import type { Dance } from "./dance.ts";
import { diff } from "./diff.ts";
import { notePutOff } from "./not_simulated.ts";
import { DEFAULT_TIMEOUT, identityOf } from "./sandbox_options.ts";
import { complete, noticeSignals, whileWaiting } from "./signals.ts";

/** Generations that are kept, unless `disco/client/generations` says otherwise. */
const DEFAULT_GENERATIONS = 20;
/** Days that they are kept, unless `disco/client/generations-days` says otherwise. */
const DEFAULT_DAYS = 90;

/**
 * Merge all changes or none. Throws a `ConflictError` if another process was faster. What fails after
 * the commit is noted in the dance: what is merged has to be followed by its effects.
 */
export async function merge(dance: Dance): Promise<void> {
  const { context, progress } = dance;
  if (context.noop || !progress.transaction) {
    throw new DiscoError("Cannot merge: this dance is a dry run", {
      code: 3,
      hint: "begin again with fs-mount, without --noop",
    });
  }
  const difference = progress.difference ?? await diff(dance);
  if (difference.changes.length === 0) return;
  await noticeSignals();
  dance.checkInterrupt();
  await dance.meter.measure("fs-merge", "fs-merge", null, async () => {
    const transaction = progress.transaction!;
    const deadline = Date.now() + (dance.options.confirm ?? 0);
    if (dance.options.confirm) requireConfirmation(transaction.folder, deadline);
    const { id } = await commit(transaction, {
      context,
      difference,
      balls: dance.order.filter((name) => progress.balls[name]?.status === "ok"),
      union: dance.mounted.mountpoint,
      mountpoints: mountpointsIn(dance.mounted.places),
      beforeCommit: complete,
    });
    progress.generation = id;
    if (dance.options.confirm) {
      await afterMerge(dance, "let the merge be undone in time", () => arm(context, id, deadline));
    }
  });
}

/** Find out for a dry run whether its changes could be merged; throws what a live run would. */
export async function rehearseMerge({ context, progress, mounted }: Dance): Promise<void> {
  const { difference, observed } = progress;
  if (isRootless() || !difference || !observed || difference.changes.length === 0) return;
  await rehearse(observed, {
    context,
    difference,
    union: mounted.mountpoint,
    mountpoints: mountpointsIn(mounted.places),
  });
}

function mountpointsIn(places: readonly Place[]): string[] {
  return places.map(({ path }) => path).filter((path) => path !== "/");
}

/** A step after the merge: what goes wrong there is said, fails the dance, and stops nothing. */
export async function afterMerge(
  dance: Dance,
  doing: string,
  step: () => void | Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (thrown) {
    const e = explained(thrown, doing);
    failure({ message: `${e.message}; the changes are merged`, hint: e.hint });
    debugStack(e);
    dance.progress.error ??= e.message;
  }
}

async function arm(context: Context, id: string, deadline: number): Promise<void> {
  await armWatcher(context, id, deadline);
  const time = new Date(deadline).toISOString();
  warning(`generation ${id} is undone at ${time}, unless "disco confirm" is run before`);
}

/** Let go of old generations. */
export async function pruneGenerations({ context }: Dance): Promise<void> {
  const { settings } = context;
  await prune(context, {
    count: settings.number("disco/client/generations", DEFAULT_GENERATIONS, 1),
    days: settings.number("disco/client/generations-days", DEFAULT_DAYS, 1),
  });
}

/** What effects there are, each once, and what becomes of them in a dry run. */
export function listEffects(dance: Dance): void {
  const status = dance.context.noop ? "would-run" : "skipped";
  dance.progress.results = [...deduplicate(dance.progress.effects), ...postScripts(dance)]
    .map((effect) => ({ ...kept(effect), status }));
  notePutOff(dance);
}

/**
 * Carry out effects and post scripts on the live system. The calling thread must have left the
 * union's namespace: what it starts must see the host's mounts. Returns whether all went well.
 */
export async function carryOutEffects(dance: Dance): Promise<boolean> {
  const all = [...deduplicate(dance.progress.effects), ...postScripts(dance)];
  const results: EffectResult[] = [];
  for (const effect of all) results.push(await one(dance, effect));
  dance.progress.results = results;
  const left = results.filter(({ error }) => error === NOT_BEGUN).length;
  if (left > 0) error(`${left} effects ${NOT_BEGUN}; the changes are merged`);
  return results.every(({ status }) => status !== "failed");
}

/** What became of effects that were due when the dance was asked to end. */
const NOT_BEGUN = "were not carried out: the dance was interrupted after the merge";

async function one(dance: Dance, effect: Effect): Promise<EffectResult> {
  const { context } = dance;
  const { ball, script, argv } = effect;
  const what = commandLine(argv);
  if (context.root !== "/") {
    info(`effect of ${ball} skipped, "${context.root}" is not running: ${what}`);
    return { ...kept(effect), status: "skipped" };
  }
  if (dance.interrupt.signal.aborted) {
    return { ...kept(effect), status: "failed", error: NOT_BEGUN };
  }
  info(`effect of ${ball}: ${what}`);
  const start = dance.meter.clock();
  const outcome = await whileWaiting(dance, () =>
    carryOut(effect, {
      env: environmentOf({ ...identityOf(dance, ball, script), noop: false }),
      timeout: context.settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1) * 1000,
      onLine: (line) => info(`${ball}: ${line}`),
      folder: context.roots.run,
      signal: dance.interrupt.signal,
    }));
  const time_real = dance.meter.clock() - start;
  const name = script.startsWith("post/") ? script : what;
  const usage = outcome.usage ?? emptyUsage(outcome.ok ? 0 : 137);
  dance.meter.add({ ...usage, ball, stage: "fs-merge", name, start, time_real });
  if (outcome.ok) return { ...kept(effect), status: "done" };
  error(`Effect of ball "${ball}" failed: ${what} ${outcome.error}`);
  return { ...kept(effect), status: "failed", error: outcome.error };
}

function kept({ ball, script, argv, cwd }: Effect): Omit<EffectResult, "status"> {
  return { ball, script, argv: [...argv], ...cwd === "/" ? {} : { cwd } };
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
