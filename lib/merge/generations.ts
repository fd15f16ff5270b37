/**
 * Generations: merged dances, with what is needed to undo them.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Context } from "../context/mod.ts";
import { openLogs } from "../due/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { Tree } from "../door/mod.ts";
import { lstat, removeTree } from "../posix/mod.ts";
import { generationFolders } from "../state/generations.ts";
import { dropAreas } from "./drop_area.ts";
import { type Journal, readJournal, type Status, statusOf } from "./journal.ts";

/** A kept generation. */
export interface Generation {
  readonly journal: Journal;
  readonly folder: string;
  readonly status: Status;
  /** The generation that took this one back, if one did and was not taken back itself. */
  readonly undoneBy: string | null;
}

/**
 * The kept generations, oldest first: their names begin with the time. Throws for a journal that is
 * damaged, unless only those are wanted that can be `readable`.
 */
export async function listGenerations(
  context: Context,
  { readable = false }: { readable?: boolean } = {},
): Promise<Generation[]> {
  const found: Omit<Generation, "undoneBy">[] = [];
  for (const folder of generationFolders(context)) {
    const journal = await (readable ? readableJournal(folder) : readJournal(folder));
    if (journal) found.push({ journal, folder, status: statusOf(folder) });
  }
  const undoneBy = (id: string): string | null => {
    const isUndoing = ({ journal, status }: Omit<Generation, "undoneBy">) =>
      journal.undoes === id && status === "done";
    const by = found.findLast(isUndoing);
    return by && undoneBy(by.journal.id) === null ? by.journal.id : null;
  };
  return found.map((generation) => ({ ...generation, undoneBy: undoneBy(generation.journal.id) }));
}

/** Why each journal that is damaged cannot be read, with what to do. */
export async function damagedGenerations(context: Context): Promise<DiscoError[]> {
  const errors: DiscoError[] = [];
  for (const folder of generationFolders(context)) {
    try {
      await readJournal(folder);
    } catch (error) {
      if (!(error instanceof DiscoError)) throw error;
      errors.push(error);
    }
  }
  return errors;
}

/** How many generations are kept, and how long. */
export interface PruneOptions {
  readonly count: number;
  /** Days; older ones are removed. */
  readonly days: number;
}

/**
 * Remove old generations. The newest one, which undoes the last dance, is never removed, nor is one of
 * which something is due, nor one whose slots a kept one needs: to undo an undo moves what lies there.
 */
export async function prune(context: Context, { count, days }: PruneOptions): Promise<void> {
  const oldest = Date.now() - days * 24 * 3600 * 1000;
  const needed = new Set(openLogs(context.roots));
  for (const [i, folder] of generationFolders(context).toReversed().entries()) {
    const journal = await readableJournal(folder);
    const areas = journal?.areas ?? [];
    const isYoung = i < count && Number((lstat(folder)?.ctime ?? 0n) / 1_000_000n) >= oldest;
    if (i === 0 || isYoung || needed.has(basename(folder))) {
      for (const { owner } of areas) needed.add(owner);
    } else {
      const own = areas.filter(({ owner }) => owner === basename(folder));
      if (own.length > 0 && lstat(journal!.root)) {
        using live = new Tree(journal!.root);
        dropAreas(own, live, context.roots.generations);
      }
      removeTree(folder);
    }
  }
}

/** A damaged journal must not keep others from being removed. */
async function readableJournal(folder: string): Promise<Journal | undefined> {
  try {
    return await readJournal(folder);
  } catch (error) {
    if (error instanceof DiscoError) return undefined;
    throw error;
  }
}
