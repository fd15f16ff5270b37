/**
 * Stage `fs-merge`: the changes reach the live root, then the effects and post scripts are carried
 * out there.
 *
 * @module
 */
import type { Difference } from "../changes/mod.ts";
import {
  type Due,
  type DueEffect,
  namedUnits,
  NOTHING_DUE,
  stateOf,
  type UnitState,
  unitStates,
} from "../due/mod.ts";
import { besides, commandLine, deduplicate, type Effect } from "../effects/mod.ts";
import { DiscoError, explained } from "../error.ts";
import { commit, type Journal, type Look, prune } from "../merge/mod.ts";
import { emptyUsage } from "../metrics/mod.ts";
import type { EffectResult } from "../report/mod.ts";
import { interpreterOf } from "../sandbox/mod.ts";
import { debugStack, error, failure, info, warning } from "../terminal/mod.ts";
import { armWatcher, disarmWatcher } from "./confirm.ts";
import { contentHashes } from "./content_hash.ts";
import type { Dance } from "./dance.ts";
import { diff } from "./diff.ts";
import {
  carryOutDue,
  deliver,
  keyOf,
  openWithoutMerge,
  retryOwed,
  settle,
  tickOff,
} from "./due.ts";
import { notePutOff } from "./not_simulated.ts";
import { recordAfter, tellOrphans } from "./orphans.ts";
import { keptContent } from "./post_script.ts";
import { mountpointsIn } from "./rehearse.ts";
import { complete, noticeSignals, whileWaiting } from "./signals.ts";
import { refuseUnfit } from "./waiting.ts";

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
    const { id, due } = await withWatcher(dance, transaction.id, (arm) =>
      commit(transaction, {
        context,
        difference,
        balls: dance.order.filter((name) => progress.balls[name]?.status === "ok"),
        union: dance.mounted.mountpoint,
        mountpoints: mountpointsIn(dance.mounted.places),
        due: async (look) => dance.due = await dueOf(dance, difference, look),
        beforeCommit: async () => {
          await arm();
          dance.checkInterrupt();
          complete();
        },
      }));
    progress.generation = id;
    await afterMerge(dance, "remember what was delivered", () => {
      deliver(context, stateOf(id, due!, { events: [], isDamaged: false }));
    });
  });
}

/** The watcher of a confirmation is armed before the commit, and disarmed where that fails. */
async function withWatcher(
  dance: Dance,
  id: string,
  use: (arm: () => Promise<void>) => Promise<Journal>,
): Promise<Journal> {
  const { context } = dance;
  if (!dance.options.confirm) return await use(async () => {});
  try {
    const journal = await use(() => armWatcher(context, id, Date.parse(dance.due!.confirm!)));
    const time = journal.due!.confirm;
    warning(`generation ${id} is undone at ${time}, unless "disco confirm" is run before`);
    return journal;
  } catch (cause) {
    await disarmWatcher(id);
    throw cause;
  }
}

/** What is due once the changes are merged; `look` says what is live then. */
async function dueOf(dance: Dance, { changes }: Difference, look: Look): Promise<Due> {
  const { context, options, progress } = dance;
  const isLive = context.root === "/";
  const effects = isLive ? allEffects(dance) : [];
  const paths = changes.map(({ path }) => path);
  return {
    effects: effects.map(asDue),
    confirm: options.confirm ? new Date(Date.now() + options.confirm).toISOString() : null,
    // Without orphans, as of a shell or of a part, nothing is known of what balls deliver no more.
    delivered: progress.leftOut === null && dance.delivered ? await recordAfter(dance, look) : null,
    units: isLive ? await statesBefore(namedUnits(effects, paths)) : [],
    balls: options.confirm ? await contentHashes(dance, changes) : {},
  };
}

async function statesBefore(names: readonly string[]): Promise<UnitState[]> {
  try {
    return await unitStates(names);
  } catch (thrown) {
    const why = explained(thrown, "ask systemd").message;
    warning(`${why}: a rollback cannot bring services back`);
    return [];
  }
}

/** Effects, each once, then post scripts. */
function allEffects(dance: Dance): Effect[] {
  return [...deduplicate(dance.progress.effects), ...postScripts(dance)];
}

function asDue(effect: Effect): DueEffect {
  if (!isPost(effect)) return { effect };
  const content = keptContent(effect.argv.at(-1)!);
  return content === undefined ? { effect } : { effect, content };
}

function isPost({ script }: Effect): boolean {
  return script.startsWith("post/");
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

/** Let go of old generations. */
export async function pruneGenerations({ context }: Dance): Promise<void> {
  const { settings } = context;
  await prune(context, {
    count: settings.number("disco/client/generations", DEFAULT_GENERATIONS, 1),
    days: settings.number("disco/client/generations-days", DEFAULT_DAYS, 1),
  });
}

/** What effects there are, each once, and what becomes of them in a dry run; throws for unfit ones. */
export function listEffects(dance: Dance): void {
  refuseUnfit(dance);
  tellOrphans(dance);
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
  error(`Effect of ball "${ball}" failed: ${what} ${outcome.error}`);
  return { ...kept(effect), status: "failed", error: outcome.error };
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
