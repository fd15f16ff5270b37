/**
 * Undoing a generation.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import { lstat, mkdir } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { isApplied } from "./apply.ts";
import { isChangedBelow } from "./conflict.ts";
import type { Generation } from "./generations.ts";
import { commitJournal, type Journal } from "./journal.ts";
import { Live } from "./live.ts";
import { attributesOf, identityOf, inverse, isSame, type Operation } from "./operation.ts";
import { carryOut, parentsOf, restoreTimes } from "./transaction.ts";

/** What a rollback may do. */
export interface RollbackOptions {
  /** The new generation's id. */
  readonly id: string;
  /** Undo even where somebody has changed a path since. */
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
  const { journal } = generation;
  checkUndoable(generation, options.force);
  const prefix = journal.root === "/" ? "" : journal.root;
  const operations = withLive(
    journal,
    (live) => journal.operations.toReversed().flatMap((o) => undo(o, live, prefix)),
  );
  const folder = `${context.roots.generations}/${options.id}`;
  mkdir(folder, 0o700);
  const taking: Journal = {
    ...journal,
    id: options.id,
    date: new Date().toISOString(),
    undoes: journal.id,
    operations,
    parents: parentsOf(operations, journal.root),
  };
  await commitJournal(folder, taking);
  carryOut(folder, taking);
  withLive(journal, (live) => restoreTimes(journal, live));
  return taking;
}

function checkUndoable({ journal, folder, status, undoneBy }: Generation, force: boolean): void {
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

/** The inverse of an operation, from what is there now: forced, that may be somebody else's. */
function undo(operation: Operation, live: Live, prefix: string): Operation[] {
  const { path } = operation;
  const stat = live.stat(path);
  const back = inverse(operation);
  if (back.kind === "attributes") {
    if (!stat) return [];
    return [{ ...back, before: attributesOf(prefix + path, stat), ino: String(stat.ino) }];
  }
  const before = stat ? identityOf(stat) : null;
  if (!before && !back.after) return [];
  return [{ ...back, before, kind: !before ? "add" : back.after ? "swap" : "delete" }];
}

/** Paths that are not as the generation left them. */
function changedSince(journal: Journal, folder: string): string[] {
  const prefix = journal.root === "/" ? "" : journal.root;
  const since = lstat(`${folder}/done`)!.ctime;
  return withLive(
    journal,
    (live) =>
      journal.operations.filter((operation) => !isUntouched(operation, live, prefix, since))
        .map(({ path }) => path),
  );
}

function isUntouched(operation: Operation, live: Live, prefix: string, since: bigint): boolean {
  if (operation.kind === "attributes") return isApplied(operation, live, prefix);
  const stat = live.stat(operation.path);
  if (!isSame(stat, operation.after)) return false;
  return stat?.type !== "directory" || !isChangedBelow(prefix + operation.path, since + 1n);
}

function withLive<T>({ root }: Journal, use: (live: Live) => T): T {
  const live = new Live(root);
  try {
    return use(live);
  } finally {
    live.close();
  }
}
