/**
 * The order in which balls are applied.
 *
 * @module
 */
import { shortestCycle } from "./cycle.ts";
import type { BallGraph } from "./graph.ts";

/** A topological order, or the balls of one cycle, each once. */
export type Order = { kind: "order"; names: string[] } | { kind: "cycle"; names: string[] };

/**
 * Kahn's algorithm; of the balls that are ready the alphabetically first (by code units) comes
 * first, so that the same universe always gives the same order.
 */
export function orderOf(graph: BallGraph): Order {
  const waiting = new Map(graph.names.map((name) => [name, graph.countBefore(name)]));
  const ready = [...waiting.keys()].filter((name) => waiting.get(name) === 0).sort();
  const names: string[] = [];
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    names.push(name);
    waiting.delete(name);
    for (const next of graph.after(name)) {
      const left = waiting.get(next)! - 1;
      waiting.set(next, left);
      if (left === 0) insert(ready, next);
    }
  }
  return waiting.size === 0
    ? { kind: "order", names }
    : { kind: "cycle", names: shortestCycle(graph, [...waiting.keys()].sort()) };
}

function insert(sorted: string[], name: string): void {
  const at = sorted.findIndex((other) => other > name);
  sorted.splice(at < 0 ? sorted.length : at, 0, name);
}
