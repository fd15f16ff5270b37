/**
 * The whole dance: every stage in order, all or nothing.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { commandLine } from "../effects/mod.ts";
import { explained } from "../error/mod.ts";
import { ConflictError, listGenerations } from "../merge/mod.ts";
import { removeTree } from "../posix/mod.ts";
import type { SavedPlan } from "../saved_plan/mod.ts";
import type { EtaRenderer } from "../render/mod.ts";
import type { Result } from "../result/mod.ts";
import { networkSettled } from "../sandbox/mod.ts";
import { debug, debugStack, error, failure, info, warning } from "../terminal/mod.ts";
import { applyBalls } from "./balls.ts";
import { runChecks } from "./checks.ts";
import { choose, requireKnownWords } from "./choose.ts";
import { askCommand, confirmGeneration, listUnconfirmed, refuseUnconfirmed } from "./confirm.ts";
import { Contest, ownerClause } from "./contest.ts";
import { Dance, type DanceOptions } from "./dance.ts";
import { diff } from "./diff.ts";
import { fetch, plan } from "./fetch.ts";
import { leftLine, listLeft, listOwed, owedLine } from "./due.ts";
import { keep, keepSoFar } from "./finish.ts";
import { Lock } from "../state/lock.ts";
import { carryOutEffects, listEffects } from "./effects.ts";
import { afterMerge, merge } from "./merge.ts";
import { rehearseMerge } from "./rehearse.ts";
import { beginNetwork, chroot, cleanUp, expectNetwork, leave, mount, unmount } from "./mount.ts";
import { rememberDelivered, treatOrphans } from "./orphans.ts";
import { refuseBalls, stayingOut } from "./refused_balls.ts";
import { planToSave, requireApproved, savePlanned } from "./saved_plan.ts";
import { requireRoot } from "./require_root.ts";
import { sayRootless } from "./rootless.ts";
import { untilInterrupted, whileWaiting } from "./signals.ts";
import { expectTemplates, prepareTemplates } from "./templates.ts";
import { recoverAll, refusePending } from "./recover.ts";
import { undoGeneration } from "./undo.ts";

/** Dance. What fails is in the result; only what keeps a dance from beginning is thrown. */
export function danceWhole(context: Context, options: DanceOptions): Promise<Result> {
  return danceWith(undefined, context, options);
}

/** The same with a renderer that is getting ready, which is closed here. */
export async function danceWith(
  renderer: EtaRenderer | undefined,
  context: Context,
  options: DanceOptions,
): Promise<Result> {
  await using _renderer = renderer;
  requireRoot("dance", { tried: context.noop });
  context.settings.validate();
  sayRootless(context);
  using _lock = new Lock(context);
  await recoverFirst(context);
  for (const { id, isInProgress } of cleanUp(context)) {
    if (isInProgress) warning(`the stages of dance ${id}, which was in progress, are thrown away`);
    else info(`cleaned up what dance ${id} had left`);
  }
  let dance = Dance.begin(context, options);
  dance.eta = renderer ?? null;
  const contest = new Contest();
  for (;;) {
    try {
      await untilInterrupted(dance, () => danceOnce(dance));
      break;
    } catch (e) {
      const next = e instanceof ConflictError ? contest.next(e, dance) : undefined;
      if (next) {
        dance = next;
        continue;
      }
      // Used wrongly: there is no dance to tell of. What is merged is told in any case.
      if (dance.isUsedWrongly(e)) {
        removeTree(dance.record);
        throw e;
      }
      const failed = explained(e, "finish the dance");
      const owner = e instanceof ConflictError ? ownerClause(context.root, e.path) : "";
      const message = failed.message + owner;
      failure({ message, hint: failed.hint });
      debugStack(failed);
      dance.progress.error = message;
      break;
    }
  }
  return await keep(dance);
}

/** A dry run changes nothing: it cannot finish what was cut off, and would not tell the truth before. */
async function recoverFirst(context: Context): Promise<void> {
  if (!context.noop) {
    for (const line of await recoverAll(context)) warning(`recovery: ${line}`);
    await refuseUnconfirmed(context);
    return;
  }
  refusePending(context, "begin a dry run");
  for (const one of await listOwed(context)) warning(`owed: ${owedLine(one)}`);
  for (const one of await listLeft(context)) warning(leftLine(one));
}

async function fetchOnce(dance: Dance): Promise<void> {
  const { node } = dance.context;
  dance.fetched = await fetch(dance);
  const { changed, listedAs, server } = dance.fetched;
  info(`node ${node}${listedAs === node ? "" : ` (as ${listedAs})`}, universe ${server}`);
  debug(`fetched balls: ${changed.balls.join(", ") || "none is new"}`);
}

async function danceOnce(dance: Dance): Promise<void> {
  let toSave: SavedPlan | undefined;
  try {
    expectTemplates(dance);
    if (dance.fetched === null) await fetchOnce(dance);
    await plan(dance);
    requireKnownWords(dance);
    dance.refused = await stayingOut(dance);
    await prepareTemplates(dance);
    info(`plan: ${dance.order.join(", ") || "no balls"}`);
    dance.checkInterrupt();
    const network = expectNetwork(dance);
    await mount(dance, { persist: false });
    chroot(dance);
    beginNetwork(dance, network);
    await applyBalls(dance);
    await dance.eta?.close();
    if (willMerge(dance)) {
      await treatOrphans(dance);
      await diff(dance);
      await choose(dance);
      listEffects(dance);
      await runChecks(dance, dance.progress.difference!.changes);
      dance.checkInterrupt();
      await requireApproved(dance);
      if (dance.context.noop) await rehearseMerge(dance);
      else await merge(dance);
      toSave = await planToSave(dance);
      if (!dance.context.noop && dance.progress.leftOut === null) {
        await afterMerge(dance, "remember what was delivered", () => rememberDelivered(dance));
      }
    }
  } finally {
    await takeDown(dance);
  }
  if (toSave) savePlanned(dance, toSave);
  if (dance.context.noop || !willMerge(dance)) return;
  if (!await carryOutEffects(dance) && await undoIfWanted(dance)) return;
  await confirmByCommand(dance);
}

/** Take the union down; once changes are merged, what goes wrong there must not keep effects back. */
async function takeDown(dance: Dance): Promise<void> {
  const close = async () => {
    await dance.eta?.close();
    if (dance.entered) await networkSettled(dance.mounted);
    unmount(dance);
  };
  if (dance.progress.generation === null) return await close();
  await afterMerge(dance, "take the union down", close);
  // Effects must see the host's mounts.
  leave(dance);
  if (dance.progress.results.length > 0) {
    await afterMerge(dance, "keep the outcome", () => keepSoFar(dance, CUT_OFF));
  }
}

/** What is kept of a dance whose process was killed while it carried out effects. */
const CUT_OFF = "it was cut off after the merge, before all effects were carried out";

/** With `disco/client/on-effect-failure = rollback` a dance whose effects fail is undone. */
async function undoIfWanted(dance: Dance): Promise<boolean> {
  const { context, progress } = dance;
  const wish = context.settings.word("disco/client/on-effect-failure");
  if (wish !== "rollback" || progress.generation === null) return false;
  // A dance that was asked to end does not begin a rollback.
  if (dance.interrupt.signal.aborted) return false;
  const undo = await undoDance(dance);
  progress.error = `effects failed: the dance was undone by generation ${undo}`;
  error(progress.error);
  return true;
}

async function undoDance(dance: Dance): Promise<string> {
  const { context, progress } = dance;
  await keep(dance);
  const generations = await listGenerations(context);
  const generation = generations.find(({ journal }) => journal.id === progress.generation)!;
  const { undo } = await undoGeneration(context, generation, { force: false, effects: true });
  return undo.id;
}

/** With `--confirm-by` a command decides, at the latest at the deadline. */
async function confirmByCommand(dance: Dance): Promise<void> {
  const { context, options, progress, interrupt } = dance;
  const argv = options.confirmBy;
  if (!argv || progress.generation === null) return;
  const waiting = (await listUnconfirmed(context))
    .find(({ generation }) => generation.journal.id === progress.generation);
  if (!waiting) return;
  const what = commandLine(argv);
  info(`asking for confirmation: ${what}`);
  const why = await whileWaiting(
    dance,
    () => askCommand(context, argv, waiting.deadline, interrupt),
  );
  // A dance that was asked to end leaves it to the deadline.
  if (interrupt.signal.aborted) return;
  if (why === undefined) {
    await confirmGeneration(context, waiting);
    info(`generation ${progress.generation} is confirmed by ${what}`);
    return;
  }
  refuseBalls(context.roots, progress.generation, waiting.generation.journal.due?.balls ?? {});
  const undo = await undoDance(dance);
  progress.error = `not confirmed: ${what} ${why}: the dance was undone by generation ${undo}`;
  error(progress.error);
}

/** Nothing of a dance with a failed ball is merged, unless it was told to keep going. */
function willMerge(dance: Dance): boolean {
  const { options, refused, progress } = dance;
  // A ball that stays out is not merged, and neither is what comes after it; the rest is.
  const isWhole = Object.entries(progress.balls)
    .every(([name, { status }]) => status !== "failed" || refused.has(name));
  return isWhole || options.keepGoing;
}
