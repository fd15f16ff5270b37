/**
 * The whole dance: every stage in order, all or nothing.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { explained } from "../error/mod.ts";
import { ConflictError } from "../merge/mod.ts";
import { releaseMemory, removeTree } from "../posix/mod.ts";
import type { SavedPlan } from "../saved_plan/mod.ts";
import type { EtaRenderer } from "../render/mod.ts";
import type { Result } from "../result/mod.ts";
import { networkSettled } from "../sandbox/mod.ts";
import { Lock } from "../state/lock.ts";
import { debug, debugStack, failure, info, warning } from "../terminal/mod.ts";
import { confirmByCommand, isToBeUndone, undoFailed } from "./after_effects.ts";
import { requireKnownWords } from "./choose.ts";
import { refuseUnconfirmed } from "./confirm.ts";
import { Contest, ownerClause } from "./contest.ts";
import { Dance, type DanceOptions, noTemplates } from "./dance.ts";
import { leftLine, listLeft, listOwed, owedLine } from "./due.ts";
import { isUsedWrongly, keep, keepSoFar } from "./finish.ts";
import { afterMerge } from "./merge.ts";
import { beginNetwork, expectNetwork } from "./mount.ts";
import { stayingOut } from "./refused_balls.ts";
import { planToSave, savePlanned } from "./saved_plan.ts";
import { requireRoot } from "./require_root.ts";
import { sayRootless } from "./rootless.ts";
import { untilInterrupted } from "./signals.ts";
import { type Seen, until } from "./stages.ts";
import { closeTemplates, expectTemplates, prepareTemplates, renderAhead } from "./templates.ts";
import { recoverAll, refusePending } from "./recover.ts";
import { cleanUp, leave, unmount } from "./unmount.ts";
import { Applied, Fetched, Finished, Merged, Mounted, Planned, Ready } from "./values.ts";

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
  return await keep(await danceUntilTold(renderer ?? null, context, options));
}

/** Dance, again where others were faster; the value that it has come to, with what went wrong. */
async function danceUntilTold(
  eta: EtaRenderer | null,
  context: Context,
  options: DanceOptions,
): Promise<Dance> {
  const contest = new Contest();
  let reached = Dance.begin(context, options, { templates: noTemplates(eta) });
  const seen = (dance: Dance) => reached = dance;
  for (;;) {
    try {
      const begun = reached;
      await untilInterrupted(begun, () => danceOnce(begun, seen));
      return reached;
    } catch (e) {
      const next = e instanceof ConflictError ? contest.next(e, reached) : undefined;
      if (next) {
        reached = next;
        continue;
      }
      // Used wrongly: there is no dance to tell of. What is merged is told in any case.
      if (isUsedWrongly(reached, e)) {
        removeTree(reached.record);
        throw e;
      }
      const failed = explained(e, "finish the dance");
      const owner = e instanceof ConflictError ? ownerClause(context.root, e.path) : "";
      const message = failed.message + owner;
      failure({ message, hint: failed.hint });
      debugStack(failed);
      reached.progress.error = message;
      return reached;
    }
  }
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

/** All stages. The union is taken down before effects, which must see the host's mounts. */
async function danceOnce(begun: Dance, seen: Seen): Promise<void> {
  const inUnion = await untilUnmounted(begun, seen);
  if (!inUnion) return;
  const { merged, toSave } = inUnion;
  if (toSave) savePlanned(merged, toSave);
  if (merged.context.noop) return;
  const finished = await until(merged, Finished, seen);
  if (isToBeUndone(finished)) await undoFailed(finished);
  else await confirmByCommand(finished);
}

/** Fetch and plan, with all that can be known before anything is mounted. */
async function prepare(begun: Dance, seen: Seen): Promise<Planned> {
  expectTemplates(begun);
  const fetched = await until(begun, Fetched, seen);
  if (!(begun instanceof Fetched)) sayFetched(fetched);
  const planned = await until(fetched, Planned, seen);
  requireKnownWords(planned);
  planned.progress.refused = await stayingOut(planned);
  await prepareTemplates(planned);
  renderAhead(planned, planned.order[0]);
  // The fetch held all lists of the server.
  releaseMemory();
  info(`plan: ${planned.order.join(", ") || "no balls"}`);
  planned.checkInterrupt();
  return planned;
}

function sayFetched({ context: { node }, fetched: { listedAs, server, changed } }: Fetched): void {
  info(`node ${node}${listedAs === node ? "" : ` (as ${listedAs})`}, universe ${server}`);
  debug(`fetched balls: ${changed?.balls.join(", ") || "none is new"}`);
}

/** What comes before the effects; undefined where a ball failed, and so nothing is merged. */
async function untilUnmounted(
  begun: Dance,
  seen: Seen,
): Promise<{ merged: Merged; toSave: SavedPlan | undefined } | undefined> {
  let reached = begun;
  const see = (dance: Dance) => seen(reached = dance);
  try {
    const planned = await prepare(begun, see);
    const network = expectNetwork(planned);
    const ready = await until(planned, Ready, see);
    beginNetwork(ready, network);
    const applied = await until(ready, Applied, see);
    await closeTemplates(applied);
    if (!willMerge(applied)) return undefined;
    // What comes now holds all changes at once.
    releaseMemory();
    const merged = await until(applied, Merged, see);
    return { merged, toSave: await planToSave(merged) };
  } finally {
    await takeDown(reached);
  }
}

/** Take the union down; once changes are merged, what goes wrong there must not keep effects back. */
async function takeDown(dance: Dance): Promise<void> {
  const close = async () => {
    await closeTemplates(dance);
    if (!(dance instanceof Mounted)) return;
    await networkSettled(dance.mounted);
    unmount(dance);
  };
  if (!(dance instanceof Merged) || dance.generation === null) return await close();
  await afterMerge(dance, "take the union down", close);
  // Effects must see the host's mounts.
  leave(dance);
  if (dance.results.length > 0) {
    await afterMerge(dance, "keep the outcome", () => keepSoFar(dance, CUT_OFF));
  }
}

/** What is kept of a dance whose process was killed while it carried out effects. */
const CUT_OFF = "it was cut off after the merge, before all effects were carried out";

/** Nothing of a dance with a failed ball is merged, unless it was told to keep going. */
function willMerge({ options, progress }: Applied): boolean {
  // A ball that stays out is not merged, and neither is what comes after it; the rest is.
  const isWhole = Object.entries(progress.balls)
    .every(([name, { status }]) => status !== "failed" || progress.refused.has(name));
  return isWhole || options.keepGoing;
}
