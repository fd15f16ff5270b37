/**
 * The dances and generations of a node, newest first.
 *
 * @module
 */
import type { Roots } from "../context/roots.ts";
import { DiscoError, messageOf } from "../error.ts";
import type { Result } from "./result.ts";
import { listDances, loadResult } from "./store.ts";
import { tableLines } from "./table.ts";

/** One line of the history. */
export interface HistoryEntry {
  dance: string;
  /** `unfinished`: in progress, cut off, or not readable. */
  status: "ok" | "failed" | "unfinished";
  node: string | null;
  noop: boolean | null;
  merged: boolean | null;
  started: string | null;
  finished: string | null;
  balls: string[];
  changes: number;
  /** The generation that the dance left. */
  generation: string | null;
  /** Whether the generation is kept, so that `rollback` can undo it. */
  kept: boolean;
}

/** The JSON document of `history`. */
export interface History {
  schema: 1;
  dances: HistoryEntry[];
  /** Generations that are kept, newest first, also those whose dance was pruned. */
  generations: string[];
}

/** Read the history of a node. */
export function readHistory(roots: Roots): History {
  const generations = listGenerations(roots);
  const dances = listDances(roots).map((id) => entryOf(id, resultOf(roots, id), generations));
  return { schema: 1, dances, generations };
}

/** The history as a table, and generations without a dance. */
export function historyLines(history: History): string[] {
  if (history.dances.length + history.generations.length === 0) return ["no dances yet"];
  const rows = history.dances.map((one) => [
    one.dance,
    one.started?.slice(0, 19).replace("T", " ") ?? "-",
    one.node ?? "-",
    one.noop === null ? "-" : one.noop ? "noop" : "live",
    one.status,
    String(one.changes),
    one.generation === null ? "-" : one.kept ? one.generation : `${one.generation} (gone)`,
    one.balls.join(" "),
  ]);
  const head = ["dance", "started (UTC)", "node", "mode", "result", "changes", "generation"];
  const known = new Set(history.dances.map(({ generation }) => generation));
  const others = history.generations.filter((id) => !known.has(id));
  return [
    ...tableLines([[...head, "balls"], ...rows], { right: [5] }),
    ...tableLines(others.map((id) => [id, "generation, its dance is no longer kept"])),
  ];
}

function entryOf(id: string, result: Result | null, generations: string[]): HistoryEntry {
  const generation = result?.generation ?? null;
  return {
    dance: id,
    status: result === null ? "unfinished" : result.ok ? "ok" : "failed",
    node: result?.node ?? null,
    noop: result?.noop ?? null,
    merged: result?.merged ?? null,
    started: result?.started ?? null,
    finished: result?.finished ?? null,
    balls: result?.balls.map(({ name }) => name) ?? [],
    changes: result?.changes.length ?? 0,
    generation,
    kept: generation !== null && generations.includes(generation),
  };
}

function resultOf(roots: Roots, id: string): Result | null {
  try {
    return loadResult(roots, id);
  } catch (error) {
    if (error instanceof DiscoError) return null;
    throw error;
  }
}

/** The folders in the generations' place; hidden ones are not finished. */
function listGenerations(roots: Roots): string[] {
  try {
    const entries = [...Deno.readDirSync(roots.generations)];
    const folders = entries.filter(({ isDirectory, name }) => isDirectory && !name.startsWith("."));
    return folders.map(({ name }) => name).sort().reverse();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new DiscoError(`Cannot list "${roots.generations}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}
