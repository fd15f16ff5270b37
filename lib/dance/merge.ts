/**
 * Stage `fs-merge`: the changes reach the live root, together with what is due after that.
 *
 * @module
 */
import {
  type Due,
  namedUnits,
  stateOf,
  stepBetween,
  type UnitState,
  unitStates,
} from "../due/mod.ts";
import { counted } from "../text/counted.ts";
import { DiscoError, explained } from "../error/mod.ts";
import { commit, type Journal, type Look, type OnProgress, prune } from "../merge/mod.ts";
import type { DeliveredRecord } from "../state/mod.ts";
import { debugStack, during, failure, type ShowProgress, warning } from "../terminal/mod.ts";
import { contentHashes } from "./content_hash.ts";
import { runChecks } from "./checks.ts";
import type { Dance } from "./dance.ts";
import { deliver } from "./due.ts";
import { allEffects, asDue } from "./effects.ts";
import { guardMerge } from "./guard.ts";
import { recordAfter, rememberDelivered } from "./orphans.ts";
import { mountpointsIn, rehearseMerge } from "./rehearse.ts";
import { requireApproved } from "./saved_plan.ts";
import { complete, nextTurn } from "./signals.ts";
import { type Listed, Merged, type Outcome } from "./values.ts";
import { armWatcher, disarmWatcher } from "./watcher.ts";
import { own } from "../text/own.ts";

/** Try the finished tree, then merge it; in a dry run find out whether it could be merged. */
export async function checkAndMerge(dance: Listed): Promise<Merged> {
  const { context, way, comparison } = dance;
  await runChecks(dance, dance.difference.changes, { isPart: comparison.leftOut !== null });
  dance.checkInterrupt();
  await requireApproved(dance);
  if (context.noop && !way.isAlone) {
    await rehearseMerge(dance);
    return new Merged(dance, NOT_MERGED);
  }
  const merged = new Merged(dance, await merge(dance));
  await afterMerge(merged, "remember what was delivered", () => rememberDelivered(merged));
  return merged;
}

const NOT_MERGED: Outcome = { generation: null, due: null };

/**
 * Merge all changes or none. Throws a `ConflictError` if another process was faster. What fails after
 * the commit is noted in the dance: what is merged has to be followed by its effects.
 */
async function merge(dance: Listed): Promise<Outcome> {
  const { context, progress, difference, union: { transaction } } = dance;
  if (context.noop || !transaction) {
    throw new DiscoError("Cannot merge: this dance is a dry run", {
      code: 3,
      hint: "begin again with fs-mount, without --noop",
    });
  }
  if (difference.changes.length === 0) return NOT_MERGED;
  await guardMerge(dance);
  await nextTurn();
  dance.checkInterrupt();
  return await dance.meter.measure("fs-merge", "fs-merge", null, async () => {
    const what = `merging ${counted(difference.changes.length, "change")}`;
    // It is known as soon as the journal is written, and the watcher needs it then.
    let due: Due | null = null;
    let after: DeliveredRecord | undefined;
    const { id } = await withWatcher(
      dance,
      transaction.id,
      (arm) =>
        during(what, (show) =>
          commit(transaction, {
            context,
            difference,
            balls: dance.order.filter((name) => own(progress.balls, name)?.status === "ok"),
            union: dance.mounted.mountpoint,
            mountpoints: mountpointsIn(dance.mounted.places),
            due: async (look) => {
              after = recordThen(dance, look);
              return due = await dueOf(dance, after);
            },
            beforeCommit: async () => {
              await arm(due!);
              dance.checkInterrupt();
              complete();
            },
            onProgress: show && shownBy(show, what),
          })),
    );
    await afterMerge(dance, "remember what was delivered", async () => {
      const state = stateOf(id, due!, { events: [], isDamaged: false });
      await deliver(context, state, after);
    });
    return { generation: id, due };
  });
}

function shownBy(show: ShowProgress, what: string): OnProgress {
  const steps = { copy: `${what}: copying`, apply: `${what}: moving into place` };
  return ({ step, done, total }) => show({ what: steps[step], done, total });
}

/** The watcher of a confirmation is armed before the commit, and disarmed where that fails. */
async function withWatcher(
  dance: Dance,
  id: string,
  use: (arm: (due: Due) => Promise<void>) => Promise<Journal>,
): Promise<Journal> {
  const { context } = dance;
  if (!dance.options.confirm) return await use(async () => {});
  try {
    const journal = await use((due) => armWatcher(context, id, Date.parse(due.confirm!)));
    const time = journal.due!.confirm;
    warning(`generation ${id} is undone at ${time}, unless "disco confirm" is run before`);
    return journal;
  } catch (cause) {
    await disarmWatcher(id);
    throw cause;
  }
}

/**
 * The record of delivered files once the changes are merged; `look` says what is live then. Without
 * orphans, as of a shell or of a part, nothing is known of what balls deliver no more.
 */
function recordThen(dance: Listed, look: Look): DeliveredRecord | undefined {
  const { record, leftOut } = dance.comparison;
  return leftOut === null && record ? recordAfter(dance, record, look) : undefined;
}

/** What is due once the changes are merged, and the record of delivered files is `after`. */
async function dueOf(dance: Listed, after: DeliveredRecord | undefined): Promise<Due> {
  const { context, options, difference: { changes }, comparison: { record } } = dance;
  const isLive = context.root === "/";
  const effects = isLive ? allEffects(dance, dance.listing.wanted) : [];
  const paths = changes.map(({ path }) => path);
  return {
    effects: effects.map(asDue),
    confirm: options.confirm ? new Date(Date.now() + options.confirm).toISOString() : null,
    delivered: record && after ? stepBetween(record, after) : null,
    units: isLive ? await statesBefore(namedUnits(effects, paths)) : [],
    balls: options.confirm ? await contentHashes(dance, changes) : {},
  };
}

async function statesBefore(names: readonly string[]): Promise<UnitState[]> {
  try {
    return await unitStates(names);
  } catch (thrown) {
    const why = explained(thrown, "ask for the states of services").message;
    warning(`${why}: a rollback cannot bring services back`);
    return [];
  }
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
    count: settings.number("disco/client/generations"),
    days: settings.number("disco/client/generations-days"),
  });
}
