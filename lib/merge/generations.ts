/**
 * Generations: merged dances, with what is needed to undo them.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { lstat, mkdir, readdir, removeTree } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { dropAreas } from "./area.ts";
import {
  attempts,
  commitJournal,
  type Journal,
  noteAttempt,
  readJournal,
  type Status,
  statusOf,
} from "./journal.ts";
import { Live } from "./live.ts";
import { inverse, isSame, type Operation } from "./operation.ts";
import { isApplied } from "./apply.ts";
import { carryOut, parentsOf, restoreTimes } from "./transaction.ts";

/** A kept generation. */
export interface Generation {
  readonly journal: Journal;
  readonly folder: string;
  readonly status: Status;
  /** The generation that took this one back, if one did and was not taken back itself. */
  readonly undoneBy: string | null;
}

/** The kept generations, oldest first. */
export async function listGenerations(context: Context): Promise<Generation[]> {
  const { generations } = context.roots;
  if (!lstat(generations)) return [];
  const found: Omit<Generation, "undoneBy">[] = [];
  for (const { name } of readdir(generations)) {
    const folder = `${generations}/${name}`;
    const journal = await readJournal(folder);
    if (journal) found.push({ journal, folder, status: statusOf(folder) });
  }
  found.sort((a, b) => a.journal.id < b.journal.id ? -1 : 1);
  const undoneBy = (id: string): string | null => {
    const by = found.filter(({ journal, status }) => journal.undoes === id && status === "done").at(
      -1,
    );
    return by && undoneBy(by.journal.id) === null ? by.journal.id : null;
  };
  return found.map((generation) => ({ ...generation, undoneBy: undoneBy(generation.journal.id) }));
}

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
  if (generation.status !== "done" || generation.undoneBy !== null) {
    throw new DiscoError(`Cannot undo generation "${journal.id}": it has been undone already`);
  }
  const changed = changedSince(journal, generation.folder);
  if (changed.length > 0 && !options.force) {
    const names = changed.slice(0, 5).map((path) => `"${printable(path)}"`).join(", ");
    const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
    throw new DiscoError(
      `Cannot undo generation "${journal.id}": changed since then: ${names}${more}`,
      {
        hint: "look at them; --force undoes the generation all the same",
      },
    );
  }
  const live = new Live(journal.root);
  const prefix = journal.root === "/" ? "" : journal.root;
  const applied = journal.operations.filter((operation) => isApplied(operation, live, prefix));
  live.close();
  const operations = applied.toReversed().map(inverse);
  const folder = `${context.roots.generations}/${options.id}`;
  mkdir(folder, 0o700);
  const undo: Journal = {
    ...journal,
    id: options.id,
    date: new Date().toISOString(),
    undoes: journal.id,
    operations,
    parents: parentsOf(operations, journal.root),
  };
  await commitJournal(folder, undo);
  carryOut(folder, undo);
  resetTimes(journal);
  return undo;
}

function resetTimes(journal: Journal): void {
  const live = new Live(journal.root);
  try {
    restoreTimes(journal, live);
  } finally {
    live.close();
  }
}

/** Paths that are not as the generation left them. */
function changedSince(journal: Journal, folder: string): string[] {
  const prefix = journal.root === "/" ? "" : journal.root;
  const since = lstat(`${folder}/done`)!.ctime;
  const live = new Live(journal.root);
  try {
    return journal.operations.filter((operation) => !isUntouched(operation, live, prefix, since))
      .map(({ path }) => path);
  } finally {
    live.close();
  }
}

function isUntouched(operation: Operation, live: Live, prefix: string, since: bigint): boolean {
  if (operation.kind === "attributes") return isApplied(operation, live, prefix);
  const stat = live.stat(operation.path);
  if (!isSame(stat, operation.after)) return false;
  return stat?.type !== "directory" || !isChangedBelow(prefix + operation.path, since);
}

function isChangedBelow(folder: string, since: bigint): boolean {
  return readdir(folder).some(({ name }) => {
    const path = `${folder}/${name}`;
    const stat = lstat(path);
    return !stat || stat.ctime > since ||
      (stat.type === "directory" && isChangedBelow(path, since));
  });
}

/** Finish what a crash cut off. Returns what was done, one line each. */
export async function recover(context: Context): Promise<string[]> {
  const { generations } = context.roots;
  if (!lstat(generations)) return [];
  const lines: string[] = [];
  for (const { name } of readdir(generations).toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    const folder = `${generations}/${name}`;
    const journal = await readJournal(folder);
    if (!journal) {
      removeTree(folder);
      lines.push(`dropped the merge ${name}: it was not committed`);
    } else if (statusOf(folder) === "pending") {
      lines.push(finish(folder, journal));
    }
  }
  return lines;
}

/** Tries before a person has to look. */
const ATTEMPTS = 3;

function finish(folder: string, journal: Journal): string {
  const tried = attempts(folder);
  if (tried >= ATTEMPTS) {
    throw new DiscoError(
      `Cannot recover the merge "${journal.id}": it was tried ${tried} times, and each time it failed`,
      {
        hint:
          `look at the kernel's log for errors of the disk; "${folder}/journal.json" says what ` +
          `was to be done, and the slots hold what is not live. Then remove "${folder}/attempt-*" and ` +
          "run disco recover, or put the files right by hand and remove the folder",
      },
    );
  }
  noteAttempt(folder);
  try {
    carryOut(folder, journal);
    return `finished the merge ${journal.id}`;
  } catch (error) {
    if (statusOf(folder) !== "undone") throw error;
    return `took back the merge ${journal.id}: ${messageOf(error)}`;
  }
}

/** Remove the oldest generations until `keep` are left; the newest is never removed. */
export async function prune(context: Context, keep: number): Promise<void> {
  const all = await listGenerations(context);
  for (const { journal, folder } of all.slice(0, Math.max(0, all.length - Math.max(1, keep)))) {
    dropAreas(journal.areas);
    removeTree(folder);
  }
}
