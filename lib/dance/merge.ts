/**
 * Stage `fs-merge`: the changes reach the live root, then the effects and post scripts are carried
 * out there.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { carryOut, commandLine, deduplicate, type Effect } from "../effects/mod.ts";
import { commit, prune } from "../merge/mod.ts";
import { emptyUsage } from "../metrics/mod.ts";
import type { EffectResult } from "../report/mod.ts";
import { environmentOf, interpreterOf } from "../sandbox/mod.ts";
import { error, info, warning } from "../terminal/mod.ts";
import { armWatcher, requireConfirmation } from "./confirm.ts";
import type { Dance } from "./dance.ts";
import { diff } from "./diff.ts";
import { notePutOff } from "./not_simulated.ts";
import { DEFAULT_TIMEOUT, identityOf } from "./sandbox_options.ts";

/** Generations that are kept, unless `disco/client/generations` says otherwise. */
const DEFAULT_GENERATIONS = 20;
/** Days that they are kept, unless `disco/client/generations-days` says otherwise. */
const DEFAULT_DAYS = 90;

/** Merge all changes or none. Throws a `ConflictError` if somebody else was faster. */
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
  await dance.meter.measure("fs-merge", "fs-merge", null, async () => {
    const transaction = progress.transaction!;
    const deadline = Date.now() + (dance.options.confirm ?? 0);
    if (dance.options.confirm) requireConfirmation(transaction.folder, deadline);
    const { id } = await commit(transaction, {
      context,
      difference,
      balls: dance.order.filter((name) => progress.balls[name]?.status === "ok"),
      union: dance.mounted.mountpoint,
      mountpoints: dance.mounted.places.map(({ path }) => path).filter((path) => path !== "/"),
    });
    progress.generation = id;
    if (dance.options.confirm) {
      await armWatcher(context, id, deadline);
      warning(
        `generation ${id} is undone at ${
          new Date(deadline).toISOString()
        }, unless "disco confirm" is run before`,
      );
    }
    const { settings } = context;
    await prune(context, {
      count: settings.number("disco/client/generations", DEFAULT_GENERATIONS, 1),
      days: settings.number("disco/client/generations-days", DEFAULT_DAYS, 1),
    });
  });
}

/** What effects there are, each once, and what becomes of them in a dry run. */
export function listEffects(dance: Dance): void {
  const status = dance.context.noop ? "would-run" : "skipped";
  dance.progress.results = [...deduplicate(dance.progress.effects), ...postScripts(dance)]
    .map(({ ball, script, argv }) => ({ ball, script, argv: [...argv], status }));
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
  return results.every(({ status }) => status !== "failed");
}

async function one(dance: Dance, effect: Effect): Promise<EffectResult> {
  const { context } = dance;
  const { ball, script, argv } = effect;
  const what = commandLine(argv);
  if (context.root !== "/") {
    info(`effect of ${ball} skipped, "${context.root}" is not running: ${what}`);
    return { ball, script, argv: [...argv], status: "skipped" };
  }
  info(`effect of ${ball}: ${what}`);
  const start = dance.meter.clock();
  const outcome = await carryOut(effect, {
    env: environmentOf({ ...identityOf(dance, ball, script), noop: false }),
    timeout: context.settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1) * 1000,
    onLine: (line) => info(`${ball}: ${line}`),
    folder: context.roots.run,
  });
  const time_real = dance.meter.clock() - start;
  const name = script.startsWith("post/") ? script : what;
  const usage = outcome.usage ?? emptyUsage(outcome.ok ? 0 : 137);
  dance.meter.add({ ...usage, ball, stage: "fs-merge", name, start, time_real });
  if (outcome.ok) return { ball, script, argv: [...argv], status: "done" };
  error(`Effect of ball "${ball}" failed: ${what} ${outcome.error}`);
  return { ball, script, argv: [...argv], status: "failed", error: outcome.error };
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
