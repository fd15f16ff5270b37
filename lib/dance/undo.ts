/**
 * The undo of a generation: files, the record of delivered files, and services.
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
import { commandLine, deduplicate, type Effect, isCovered } from "../effects/mod.ts";
import { unitsOfPaths } from "../init/mod.ts";
import { changedSince, type Journal, rollback, type WholeGeneration } from "../merge/mod.ts";
import { newDanceId } from "../result/mod.ts";
import type { DeliveredRecord } from "../state/mod.ts";
import { error, info, printable, warning } from "../terminal/mod.ts";
import { carryOutLeft } from "./carry_out_due.ts";
import { forgetOldConfirmation } from "./confirm.ts";
import { loadDelivered } from "./load_delivered.ts";
import { deliver, listOwed, loadDue, settle } from "./due.ts";
import { reactionsAgain, undoReactions } from "./undo_reactions.ts";
import { disarmWatcher } from "./watcher.ts";

/** How a generation is undone. */
export interface UndoOptions {
  /** Take away what others have changed since. */
  readonly force: boolean;
  /** Bring services back to what they were. */
  readonly effects: boolean;
  /** Nothing of the system runs yet: what follows waits until it does. */
  readonly isEarly?: boolean;
}

/** Undo one generation, and bring services back. What cannot be taken back is said before. */
export async function undoGeneration(
  context: Context,
  generation: WholeGeneration,
  options: UndoOptions,
): Promise<{ undo: Journal; isWhole: boolean }> {
  const { journal } = generation;
  const { id, due } = journal;
  const follow = await whatFollows(context, journal, options);
  warning(...follow.impossible.map((effect) => impossibleLine(effect)));
  await sayForced(generation, options.force);
  const record = await loadDelivered(context);
  const after = due?.delivered ? withoutStep(record, due.delivered) : record;
  const delivered = stepBetween(record, after);
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
  const lines = options.isEarly ? [] : await finishDue(context, undo.id, after);
  info(...lines);
  const owed = (await listOwed(context)).filter(({ dance }) => dance === undo.id);
  for (const { what, error: why } of owed) error(`${commandLine(what.effect.argv)} ${why}`);
  return { undo, isWhole: owed.length === 0 };
}

/** What follows an undo. */
export interface Follow extends Inverse {
  readonly now: readonly UnitState[];
}

/** What follows the undo of a generation, and what cannot be taken back. */
export async function whatFollows(
  context: Context,
  { due, operations }: Journal,
  { effects, isEarly = false }: UndoOptions,
): Promise<Follow> {
  if (!effects || !due || context.root !== "/") return { effects: [], impossible: [], now: [] };
  const now = isEarly ? [] : await unitStates(due.units.map(({ name }) => name));
  const paths = operations.map(({ path }) => path);
  const inverse = inverseOf({ due, paths, now: isEarly ? undefined : now });
  const reactions = isEarly ? [] : undoReactions(context, operations);
  const again = isEarly ? [] : reactionsAgain(inverse.impossible, operations);
  // A unit reads its files once; one whose unit file changes back, after systemd has read that.
  const changed = unitsOfPaths(paths);
  const rest = inverse.effects.filter((effect) =>
    changed.includes(effect.argv.at(-1)!) || !isCovered(effect, reactions)
  );
  return {
    effects: deduplicate([...reactions, ...again, ...rest]),
    impossible: inverse.impossible.filter((effect) =>
      !again.includes(effect) && !isRepeated(effect, reactions)
    ),
    now,
  };
}

/** Commands that only bring in line what is there: to run them again takes them back. */
const READS_ANEW = ["ldconfig", "newaliases", "udevadm control --reload"];

function isRepeated({ argv }: Effect, reactions: readonly Effect[]): boolean {
  const line = argv.join(" ");
  return READS_ANEW.includes(line) && reactions.some((one) => one.argv.join(" ") === line);
}

/** Says of an effect that it stays. */
export function impossibleLine({ argv, ball, script }: Effect): string {
  return printable(`not taken back: ${commandLine(argv)} [${ball}/${script}]`);
}

/** Paths that are listed at most. */
export const MOST_LINES = 200;

/** What others have changed since: logs and the like are listed; the rest is named and kept. */
export async function sayForced(
  { journal, folder, status }: WholeGeneration,
  isForced: boolean,
): Promise<void> {
  if (status !== "done") return;
  const { own, others } = await changedSince(journal, folder);
  const some = (paths: readonly string[]) =>
    paths.slice(0, MOST_LINES).map((path) => printable(path)).join(", ") +
    (paths.length > MOST_LINES ? ` and ${paths.length - MOST_LINES} more` : "");
  if (own.length > 0) info(`changed since by programs of their own: ${some(own)}`);
  if (!isForced || others.length === 0) return;
  warning(
    `changed since by others: ${some(others)}`,
    "  --force takes it away, and keeps it with the new generation: to undo that one brings it back",
  );
}

/** Carry out what is due of one generation. */
async function finishDue(
  context: Context,
  id: string,
  after: DeliveredRecord,
): Promise<string[]> {
  const state = (await loadDue(context)).find((one) => one.id === id);
  if (!state) return [];
  await deliver(context, state, after);
  const lines = await carryOutLeft(context, state);
  await settle(context, id);
  return lines;
}
