/**
 * The whole dance: every stage in order, all or nothing.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { ConflictError, listGenerations } from "../merge/mod.ts";
import type { Result } from "../report/mod.ts";
import { debug, error, info, warning } from "../terminal/mod.ts";
import { applyBalls } from "./balls.ts";
import { choose, requireKnownWords } from "./choose.ts";
import { refuseUnconfirmed } from "./confirm.ts";
import { Dance, type DanceOptions } from "./dance.ts";
import { diff } from "./diff.ts";
import { fetch, plan } from "./fetch.ts";
import { keep } from "./finish.ts";
import { Lock } from "./lock.ts";
import { carryOutEffects, listEffects, merge } from "./merge.ts";
import { chroot, cleanUp, mount, unmount } from "./mount.ts";
import { rememberDelivered, treatOrphans } from "./orphans.ts";
import { requireRoot } from "./require_root.ts";
import { sayRootless } from "./rootless.ts";
import { untilInterrupted } from "./signals.ts";
import { prepareTemplates } from "./templates.ts";
import { recoverAll, refusePending, undoGeneration } from "./undo.ts";

/** Tries before a dance gives up because somebody else keeps changing what it changes. */
const TRIES = 3;

/** Dance. What fails is in the result; only what keeps a dance from beginning is thrown. */
export async function danceWhole(context: Context, options: DanceOptions): Promise<Result> {
  requireRoot("dance", { tried: context.noop });
  sayRootless(context);
  using _lock = new Lock(context);
  await recoverFirst(context);
  for (const { id, isInProgress } of cleanUp(context)) {
    if (isInProgress) warning(`the stages of dance ${id}, which was in progress, are thrown away`);
    else info(`cleaned up what dance ${id} had left`);
  }
  let dance = Dance.begin(context, options);
  for (let attempt = 1;; attempt++) {
    try {
      await untilInterrupted(dance, () => danceOnce(dance));
      break;
    } catch (e) {
      if (e instanceof ConflictError && attempt < TRIES) {
        info(`${e.message}; dancing again (${attempt + 1} of ${TRIES})`);
        dance = Dance.begin(context, options);
        continue;
      }
      if (!(e instanceof DiscoError) || e.code === 3) throw e;
      error(e.hint ? `${e.message}\n  what to do: ${e.hint}` : e.message);
      dance.progress.error = messageOf(e);
      break;
    }
  }
  return keep(dance);
}

/** A dry run changes nothing: it cannot finish what was cut off, and would not tell the truth before. */
async function recoverFirst(context: Context): Promise<void> {
  if (!context.noop) {
    for (const line of await recoverAll(context)) warning(`recovery: ${line}`);
    await refuseUnconfirmed(context);
    return;
  }
  refusePending(context, "begin a dry run");
}

async function danceOnce(dance: Dance): Promise<void> {
  try {
    const { changed, listedAs, server } = await fetch(dance);
    info(
      `node ${dance.context.node}${
        listedAs === dance.context.node ? "" : ` (as ${listedAs})`
      }, universe ${server}`,
    );
    debug(`fetched balls: ${changed.balls.join(", ") || "none is new"}`);
    await plan(dance);
    requireKnownWords(dance);
    prepareTemplates(dance);
    info(`plan: ${dance.order.join(", ") || "no balls"}`);
    dance.checkInterrupt();
    await mount(dance, { persist: false });
    chroot(dance);
    await applyBalls(dance);
    await dance.eta?.close();
    if (shallMerge(dance)) {
      treatOrphans(dance);
      await diff(dance);
      await choose(dance);
      listEffects(dance);
      dance.checkInterrupt();
      if (!dance.context.noop) await merge(dance);
      if (!dance.context.noop && dance.progress.leftOut === null) rememberDelivered(dance);
    }
  } finally {
    await dance.eta?.close();
    unmount(dance);
  }
  if (dance.context.noop || !shallMerge(dance) || await carryOutEffects(dance)) return;
  await undoIfWanted(dance);
}

/** With `disco/client/on-effect-failure = rollback` a dance whose effects fail is undone. */
async function undoIfWanted(dance: Dance): Promise<void> {
  const { context, progress } = dance;
  const wish = context.settings.get("disco/client/on-effect-failure") ?? "report";
  if (wish !== "rollback" || progress.generation === null) return;
  keep(dance);
  const generations = await listGenerations(context);
  const generation = generations.find(({ journal }) => journal.id === progress.generation)!;
  const undo = await undoGeneration(context, generation, { force: false, effects: true });
  progress.error = `effects failed: the dance was undone by generation ${undo.id}`;
  error(progress.error);
}

/** Nothing of a dance with a failed ball is merged, unless it was told to keep going. */
function shallMerge(dance: Dance): boolean {
  const isWhole = Object.values(dance.progress.balls).every(({ status }) => status === "ok");
  return isWhole || dance.options.keepGoing;
}
