/**
 * The dances and generations of a node, newest first.
 *
 * @module
 */
import type { Roots } from "./roots.ts";
import { DiscoError } from "../error/mod.ts";
import type { Result } from "../result/result.ts";
import { listDances, loadResult } from "./kept_dances.ts";

/** One line of the history. */
export interface HistoryEntry {
  dance: string;
  /** `unfinished`: in progress, or cut off. `unreadable`: its result is damaged. */
  status: "ok" | "failed" | "unfinished" | "unreadable";
  node: string | null;
  noop: boolean | null;
  merged: boolean | null;
  started: string | null;
  finished: string | null;
  balls: string[];
  /** Null where its result is damaged. */
  changes: number | null;
  /** The generation that the dance left. */
  generation: string | null;
  /** Whether the generation is kept, so that `rollback` can undo it. */
  kept: boolean;
  /** The generation that undid it, if one did. */
  undoneBy: string | null;
}

/** A kept generation, as far as the history tells of it. */
export interface HistoryGeneration {
  id: string;
  date: string;
  node: string;
  /** The generation that this one undid; null for a merged dance. */
  undoes: string | null;
  undoneBy: string | null;
  /** Effects of it that are owed; missing without any. */
  owed?: number;
  /** When it is undone unless it is confirmed before; missing where it does not wait for that. */
  unconfirmedUntil?: string;
}

/** The JSON document of `history`. */
export interface History {
  schema: 1;
  dances: HistoryEntry[];
  /** Generations that are kept, newest first: rollbacks, and merges whose dance was pruned, too. */
  generations: HistoryGeneration[];
}

/** Read the history of a node; `generations` are those that are kept, oldest first. */
export function readHistory(roots: Roots, kept: readonly HistoryGeneration[]): History {
  const generations = kept.toReversed();
  const dances = listDances(roots).map((id) => entryOf(id, resultOf(roots, id), generations));
  return { schema: 1, dances, generations };
}

function entryOf(
  id: string,
  found: Result | "unfinished" | "unreadable",
  generations: readonly HistoryGeneration[],
): HistoryEntry {
  const result = typeof found === "string" ? null : found;
  // A dance that was cut off after its merge has left a generation of its name.
  const isOwn = (one: HistoryGeneration) => one.id === id && one.undoes === null;
  const own = generations.some(isOwn) ? id : null;
  const generation = result?.generation ?? own;
  const generated = generations.find(({ id }) => id === generation);
  return {
    dance: id,
    status: typeof found === "string" ? found : found.ok ? "ok" : "failed",
    node: result?.node ?? generated?.node ?? null,
    noop: result?.noop ?? (generated ? false : null),
    merged: result?.merged ?? (generated ? true : null),
    started: result?.started ?? null,
    finished: result?.finished ?? null,
    balls: result?.balls.map(({ name }) => name) ?? [],
    changes: result?.changes.length ?? (found === "unreadable" ? null : 0),
    generation,
    kept: generated !== undefined,
    undoneBy: generated?.undoneBy ?? null,
  };
}

function resultOf(roots: Roots, id: string): Result | "unfinished" | "unreadable" {
  try {
    return loadResult(roots, id);
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    return error.cause ? "unreadable" : "unfinished";
  }
}
