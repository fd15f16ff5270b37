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
import { readHead } from "./head.ts";
import { type Journal, type JournalHead, readJournal, type Status, statusOf } from "./journal.ts";

/** A kept generation. */
export interface Generation {
  readonly head: JournalHead;
  readonly folder: string;
  readonly status: Status;
  /** The generation that took this one back, if one did and was not taken back itself. */
  readonly undoneBy: string | null;
}

/** A generation with its journal. */
export interface WholeGeneration extends Generation {
  readonly journal: Journal;
}

/** Read the journal of a generation. Throws if it is damaged, or was removed meanwhile. */
export async function readWhole(generation: Generation): Promise<WholeGeneration> {
  const journal = await readJournal(generation.folder);
  if (journal) return { ...generation, journal };
  throw new DiscoError(`Cannot read generation "${generation.head.id}": it was removed meanwhile`);
}

/** The journal alone; undefined if it is damaged, or was removed meanwhile. */
export async function readableJournal({ folder }: Generation): Promise<Journal | undefined> {
  return await unlessDamaged(() => readJournal(folder));
}

/**
 * The kept generations, oldest first: their names begin with the time. Throws for a journal whose head
 * and itself are damaged, unless only those are wanted that can be `readable`.
 */
export async function listGenerations(
  context: Context,
  { readable = false }: { readable?: boolean } = {},
): Promise<Generation[]> {
  const found: Omit<Generation, "undoneBy">[] = [];
  for (const folder of generationFolders(context)) {
    const head = await (readable ? unlessDamaged(() => readHead(folder)) : readHead(folder));
    if (head) found.push({ head, folder, status: statusOf(folder) });
  }
  const undoneBy = (id: string): string | null => {
    const isUndoing = ({ head, status }: Omit<Generation, "undoneBy">) =>
      head.undoes === id && status === "done";
    const by = found.findLast(isUndoing);
    return by && undoneBy(by.head.id) === null ? by.head.id : null;
  };
  return found.map((generation) => ({ ...generation, undoneBy: undoneBy(generation.head.id) }));
}

/** Why each journal that is damaged cannot be read, with what to do, by the id of its generation. */
export async function damagedGenerations(context: Context): Promise<Map<string, DiscoError>> {
  const errors = new Map<string, DiscoError>();
  for (const folder of generationFolders(context)) {
    try {
      await readJournal(folder);
    } catch (error) {
      if (!(error instanceof DiscoError)) throw error;
      errors.set(basename(folder), error);
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
    // A damaged journal must not keep others from being removed.
    const head = await unlessDamaged(() => readHead(folder));
    const areas = head?.areas ?? [];
    const isYoung = i < count && Number((lstat(folder)?.ctime ?? 0n) / 1_000_000n) >= oldest;
    if (i === 0 || isYoung || needed.has(basename(folder))) {
      for (const { owner } of areas) needed.add(owner);
    } else {
      const own = areas.filter(({ owner }) => owner === basename(folder));
      if (own.length > 0 && lstat(head!.root)) {
        using live = new Tree(head!.root);
        dropAreas(own, live, context.roots.generations);
      }
      removeTree(folder);
    }
  }
}

async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DiscoError) return undefined;
    throw error;
  }
}
