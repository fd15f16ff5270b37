/**
 * Cycles among balls.
 *
 * @module
 */
import type { BallGraph } from "./graph.ts";

/**
 * A shortest cycle among these balls (sorted; there must be one), each ball once; of several the one
 * that begins with the alphabetically first ball.
 */
export function shortestCycle(graph: BallGraph, names: readonly string[]): string[] {
  const next = new Map(names.map((name) => [name, graph.after(name).sort()]));
  const cycles = names.flatMap((name) => cycleThrough(next, name) ?? []);
  // Array.sort keeps the order of equals, and the names are sorted.
  const [shortest] = cycles.sort((a, b) => a.length - b.length);
  if (!shortest) throw new Error("there is no cycle");
  return shortest;
}

/** A shortest way from a ball back to itself, by breadth first; at most one, in a list. */
function cycleThrough(
  neighbours: ReadonlyMap<string, readonly string[]>,
  start: string,
): [string[]] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  // The queue grows while it is worked through.
  for (const name of queue) {
    for (const next of neighbours.get(name) ?? []) {
      if (next === start) return [wayTo(name, start, cameFrom)];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(name: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [name];
  while (way.at(-1) !== start) way.push(cameFrom.get(way.at(-1)!)!);
  return way.reverse();
}
