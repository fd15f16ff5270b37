/**
 * Rollback and recovery, as commands.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  closeLog,
  type Inverse,
  inverseOf,
  NOTHING_DUE,
  stepBetween,
  type UnitState,
  unitStates,
  withoutStep,
} from "../due/mod.ts";
import { commandLine, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error.ts";
import {
  changedSince,
  type Generation,
  giveUp,
  isReachable,
  type Journal,
  listGenerations,
  pendingMerges,
  recover,
  refuseFlagged,
  rollback,
} from "../merge/mod.ts";
import { newDanceId } from "../report/mod.ts";
import { error, info, printable, warning } from "../terminal/mod.ts";
import { livePlaces } from "../union/mod.ts";
import { armWatcher, disarmWatcher, forgetOldConfirmation, listUnconfirmed } from "./confirm.ts";
import { loadDelivered } from "./delivered.ts";
import {
  carryOutLeft,
  closeStale,
  deliver,
  endOrphanedEffect,
  listOwed,
  loadDue,
  settle,
} from "./due.ts";
import { Lock } from "./lock.ts";
import { refuseBalls } from "./refused_balls.ts";
import { requireRoot } from "./require_root.ts";

/** Which generation, and how. */
export interface RollBackOptions {
  /** The last one that can be undone, if not given. */
  readonly id: string | undefined;
  readonly force: boolean;
  /** Bring services back to what they were. */
  readonly effects: boolean;
}

/** What a rollback did, or would do. */
export interface RolledBack {
  readonly lines: readonly string[];
  /** Whether nothing of it is owed. */
  readonly isWhole: boolean;
}

/** Undo a generation. */
export async function rollBack(context: Context, options: RollBackOptions): Promise<RolledBack> {
  requireRoot("undo a dance");
  using _lock = new Lock(context);
  if (context.noop) refusePending(context, "show what a rollback does");
  const recovered = context.noop ? [] : await recoverAll(context);
  const generation = choose(await listGenerations(context), options.id);
  const { id, operations } = generation.journal;
  if (context.noop) {
    refuseFlagged(generation);
    const follow = await whatFollows(context, generation, options);
    return {
      lines: [
        `generation ${id} would be undone: ${operations.length} operations`,
        ...pathLines(generation),
        ...follow.effects.map(({ argv }) => `would then run: ${commandLine(argv)}`),
        ...follow.impossible.map((effect) => impossibleLine(effect)),
      ],
      isWhole: true,
    };
  }
  const lines = pathLines(generation);
  const { undo, isWhole } = await undoGeneration(context, generation, options);
  return {
    lines: [
      ...recovered,
      ...lines,
      `generation ${id} is undone by generation ${undo.id}: ${undo.operations.length} operations`,
    ],
    isWhole,
  };
}

/** How a generation is undone. */
export interface UndoOptions extends Pick<RollBackOptions, "force" | "effects"> {
  /** Nothing of the system runs yet: what follows waits until it does. */
  readonly isEarly?: boolean;
}

/** Undo one generation, and bring services back. What cannot be taken back is said before. */
export async function undoGeneration(
  context: Context,
  generation: Generation,
  options: UndoOptions,
): Promise<{ undo: Journal; isWhole: boolean }> {
  const { id, due } = generation.journal;
  const follow = await whatFollows(context, generation, options);
  warning(...follow.impossible.map((effect) => impossibleLine(effect)));
  sayForced(generation, options.force);
  const record = await loadDelivered(context);
  const delivered = due?.delivered ? stepBetween(record, withoutStep(record, due.delivered)) : null;
  const undo = await rollback(context, generation, {
    id: newDanceId(),
    force: options.force,
    due: {
      ...NOTHING_DUE,
      effects: follow.effects.map((effect) => ({ effect })),
      units: follow.now,
      delivered,
    },
  });
  forgetOldConfirmation(generation);
  closeLog(context.roots, id);
  if (due?.confirm) await disarmWatcher(id);
  const lines = options.isEarly ? [] : await finishDue(context, undo.id);
  info(...lines);
  const owed = (await listOwed(context)).filter(({ dance }) => dance === undo.id);
  for (const { what, error: why } of owed) error(`${commandLine(what.effect.argv)} ${why}`);
  return { undo, isWhole: owed.length === 0 };
}

interface Follow extends Inverse {
  readonly now: readonly UnitState[];
}

async function whatFollows(
  { root }: Context,
  { journal }: Generation,
  { effects, isEarly = false }: UndoOptions,
): Promise<Follow> {
  const { due, operations } = journal;
  if (!effects || !due || root !== "/") return { effects: [], impossible: [], now: [] };
  const now = isEarly ? [] : await unitStates(due.units.map(({ name }) => name));
  const paths = operations.map(({ path }) => path);
  return { ...inverseOf({ due, paths, now: isEarly ? undefined : now }), now };
}

function impossibleLine({ argv, ball, script }: Effect): string {
  return printable(`not taken back: ${commandLine(argv)} [${ball}/${script}]`);
}

/** What becomes of each path, one line each. */
function pathLines({ journal }: Generation): string[] {
  const lines = journal.operations.slice(0, MOST_LINES).map((operation) => {
    const path = printable(operation.path);
    if (operation.kind === "attributes") return `   attributes back: ${path}`;
    if (operation.after === null) return `   back again: ${path}`;
    return operation.before === null ? `   gone again: ${path}` : `   as before: ${path}`;
  });
  const more = journal.operations.length - lines.length;
  return more > 0 ? [...lines, `   and ${more} more`] : lines;
}

const MOST_LINES = 200;

/** What others have changed since: logs and the like are listed; the rest is named and kept. */
function sayForced({ journal, folder, status }: Generation, isForced: boolean): void {
  if (status !== "done") return;
  const { own, others } = changedSince(journal, folder);
  const some = (paths: readonly string[]) =>
    paths.slice(0, MOST_LINES).map((path) => printable(path)).join(", ") +
    (paths.length > MOST_LINES ? ` and ${paths.length - MOST_LINES} more` : "");
  if (own.length > 0) info(`changed since by programs of their own: ${some(own)}`);
  if (!isForced || others.length === 0) return;
  warning(
    `changed since by others, and taken away: ${some(others)}`,
    "  it is kept with the new generation: to undo that one brings it back",
  );
}

/** Carry out what is due of one generation. */
async function finishDue(context: Context, id: string): Promise<string[]> {
  const state = (await loadDue(context)).find((one) => one.id === id);
  if (!state) return [];
  deliver(context, state);
  const lines = await carryOutLeft(context, state);
  await settle(context, id);
  return lines;
}

/** How recovery is done. */
export interface RecoverOptions {
  /** Files and deadlines only: effects wait for a later call. */
  readonly isEarly?: boolean;
  /** Wait for another dance to end. */
  readonly waits?: boolean;
}

/**
 * Finish what was cut off: merges and their effects; and undo merges whose confirmation has not come
 * in time. Returns what was done, one line each.
 */
export async function recoverMerges(
  context: Context,
  options: RecoverOptions = {},
): Promise<string[]> {
  requireRoot("recover");
  using _lock = options.waits ? await Lock.wait(context) : new Lock(context);
  return await recoverAll(context, options);
}

/**
 * Leave a merge that can be neither finished nor taken back as it is, so that later dances go on;
 * returns what became of it, one line each.
 */
export async function giveUpMerge(context: Context, id: string): Promise<string[]> {
  requireRoot("give up a merge");
  using _lock = new Lock(context);
  const lines = await giveUp(context, id);
  await closeStale(context);
  return lines;
}

/** What {@linkcode recoverMerges} does, for a caller that holds the lock. */
export async function recoverAll(
  context: Context,
  { isEarly = false }: RecoverOptions = {},
): Promise<string[]> {
  const { roots, root } = context;
  const places = livePlaces(root, [roots.etc, roots.var, roots.run]);
  const here = places.filter(({ kind }) => kind === "union");
  const lines = await recover(context, here, { isEarly });
  endOrphanedEffect(context);
  await closeStale(context);
  for (const { generation, deadline } of await listUnconfirmed(context)) {
    const { id, due } = generation.journal;
    if (deadline > Date.now()) {
      if (isEarly) await armWatcher(context, id, deadline);
      continue;
    }
    if (isEarly && !isReachable(generation.journal.areas, here)) continue;
    refuseBalls(roots, id, due?.balls ?? {});
    const { undo } = await undoGeneration(context, generation, {
      force: true,
      effects: true,
      isEarly,
    });
    lines.push(`nobody confirmed generation ${id} in time: undone by generation ${undo.id}`);
  }
  for (const state of await loadDue(context)) {
    deliver(context, state);
    if (!isEarly) lines.push(...await carryOutLeft(context, state));
    await settle(context, state.id);
  }
  return lines;
}

/** Throw if a merge was cut off: what is live is neither its old state nor its new one. */
export function refusePending(context: Context, action: string): void {
  const [pending] = pendingMerges(context);
  if (pending === undefined) return;
  throw new DiscoError(`Cannot ${action}: the merge "${pending}" was cut off`, {
    hint: "run disco recover, which finishes it or takes it back",
  });
}

function choose(generations: readonly Generation[], id: string | undefined): Generation {
  const isOpen = ({ status, undoneBy }: Generation) => status === "done" && undoneBy === null;
  const found = id === undefined
    ? generations.findLast((g) => isOpen(g) && g.journal.undoes === null)
    : generations.find(({ journal }) => journal.id === id);
  if (found) return found;
  const which = id === undefined ? "there is none" : `there is no "${printable(id)}"`;
  throw new DiscoError(`Cannot undo a generation: ${which}`, { hint: "see disco history" });
}
