/**
 * Undoing a generation.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Context } from "../context/mod.ts";
import { closeLog, type Due, openLog } from "../due/mod.ts";
import { lstat, mkdir } from "../posix/mod.ts";
import type { WholeGeneration } from "./generations.ts";
import { explained } from "./explained.ts";
import { commitJournal, type Journal, statusOf } from "./journal.ts";
import { journalPath } from "../state/generations.ts";
import { Live } from "./live.ts";
import { carryOut, parentsOf, restoreTimes } from "./transaction.ts";
import { undoing } from "./undoable.ts";

/** What a rollback may do. */
export interface RollbackOptions {
  /** The new generation's id. */
  readonly id: string;
  /** Undo even where others have changed a path since. */
  readonly force: boolean;
  /** What is due once the undo is committed. */
  readonly due?: Due;
}

/**
 * Undo a generation: a transaction whose operations are the inverse, and which can be undone
 * itself. Refuses, naming them, where paths are not as the dance left them, unless forced.
 */
export async function rollback(
  context: Context,
  generation: WholeGeneration,
  options: RollbackOptions,
): Promise<Journal> {
  const action = `undo generation "${generation.journal.id}"`;
  return await explained(action, () => undoAll(context, generation, options));
}

async function undoAll(
  context: Context,
  generation: WholeGeneration,
  options: RollbackOptions,
): Promise<Journal> {
  const { journal } = generation;
  using live = new Live(journal.root, dirname(generation.folder), journal.areas);
  const operations = await undoing(generation, live, options.force);
  const folder = `${context.roots.generations}/${options.id}`;
  mkdir(folder, 0o700);
  const taking: Journal = {
    ...journal,
    id: options.id,
    date: new Date().toISOString(),
    undoes: journal.id,
    operations,
    parents: parentsOf(operations, live),
  };
  // What was due after the merge is not due after its undo.
  const { due: _, ...rest } = taking;
  const whole: Journal = { ...rest, ...options.due && { due: options.due } };
  openLog(context.roots, options.id);
  try {
    await commitJournal(folder, whole);
    carryOut(folder, whole, live);
  } catch (error) {
    const isLeft = lstat(journalPath(folder)) && statusOf(folder) === "pending";
    if (!isLeft) closeLog(context.roots, options.id);
    throw error;
  }
  restoreTimes(journal, live);
  return whole;
}
