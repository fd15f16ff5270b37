/**
 * Undoing a generation.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import { lstat, mkdir } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { isApplied } from "./apply.ts";
import { isChangedBelow } from "./conflict.ts";
import type { Generation } from "./generations.ts";
import { explained } from "./explained.ts";
import { commitJournal, type Journal } from "./journal.ts";
import { Live } from "./live.ts";
import { identityOf, inverse, isSame, type Operation } from "./operation.ts";
import { carryOut, parentsOf, restoreTimes } from "./transaction.ts";

/** What a rollback may do. */
export interface RollbackOptions {
  /** The new generation's id. */
  readonly id: string;
  /** Undo even where others have changed a path since. */
  readonly force: boolean;
}

/**
 * Undo a generation: a transaction whose operations are the inverse, and which can be undone
 * itself. Refuses, naming them, where paths are not as the dance left them, unless forced.
 */
export async function rollback(
  context: Context,
  generation: Generation,
  options: RollbackOptions,
): Promise<Journal> {
  const action = `undo generation "${generation.journal.id}"`;
  return await explained(action, () => undoAll(context, generation, options));
}

async function undoAll(
  context: Context,
  generation: Generation,
  options: RollbackOptions,
): Promise<Journal> {
  const { journal } = generation;
  checkUndoable(generation, options.force);
  using live = new Live(journal.root, dirname(generation.folder), journal.areas);
  const operations = journal.operations.toReversed().flatMap((o) => undo(o, live));
  requireSlots(operations, live);
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
  await commitJournal(folder, taking);
  carryOut(folder, taking, live);
  restoreTimes(journal, live);
  return taking;
}

/** What cannot be found is said before anything is written. */
function requireSlots(operations: readonly Operation[], live: Live): void {
  for (const operation of operations) {
    if (operation.kind !== "attributes") live.staging.of(operation.path);
  }
}

function checkUndoable({ journal, folder, status, undoneBy }: Generation, force: boolean): void {
  if (status === "given-up") {
    throw new DiscoError(
      `Cannot undo generation "${journal.id}": it was given up, and what it replaced is not kept`,
    );
  }
  if (status !== "done" || undoneBy !== null) {
    throw new DiscoError(`Cannot undo generation "${journal.id}": it has been undone already`);
  }
  const changed = changedSince(journal, folder);
  if (changed.length === 0 || force) return;
  const names = changed.slice(0, 5).map((path) => `"${printable(path)}"`).join(", ");
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
  throw new DiscoError(
    `Cannot undo generation "${journal.id}": changed since then: ${names}${more}`,
    {
      hint: "look at them; --force undoes the generation all the same",
    },
  );
}

/** The inverse of an operation, from what is there now: forced, that may be another's. */
function undo(operation: Operation, live: Live): Operation[] {
  const { path } = operation;
  const back = inverse(operation);
  if (back.kind === "attributes") {
    const now = live.attributes(path);
    if (!now) return [];
    const { ino, ...before } = now;
    return [{ ...back, before, ino }];
  }
  const stat = live.stat(path);
  const before = stat ? identityOf(stat) : null;
  if (!before && !back.after) return [];
  return [{ ...back, before, kind: !before ? "add" : back.after ? "swap" : "delete" }];
}

/** Paths that are not as the generation left them. */
function changedSince({ root, operations }: Journal, folder: string): string[] {
  const since = lstat(`${folder}/done`)!.ctime;
  using live = new Live(root, dirname(folder));
  return operations.filter((operation) => !isUntouched(operation, live, since))
    .map(({ path }) => path);
}

function isUntouched(operation: Operation, live: Live, since: bigint): boolean {
  if (operation.kind === "attributes") return isApplied(operation, live);
  const stat = live.stat(operation.path);
  if (!isSame(stat, operation.after)) return false;
  return stat?.type !== "directory" ||
    !isChangedBelow(live.tree, operation.path, (ctime) => ctime > since);
}
