/**
 * Balls as a directed graph: an edge leads from what is applied first to what comes after it.
 *
 * @module
 */
import { DirectedGraph } from "graphology";
import type { PlanEdge } from "./plan.ts";

/** The graph; an edge knows the lines that say so. */
export type BallGraph = DirectedGraph<Record<never, never>, { lines: PlanEdge[] }>;

/** The graph of these balls and edges; several lines may say the same edge. */
export function makeGraph(names: Iterable<string>, edges: readonly PlanEdge[]): BallGraph {
  const graph: BallGraph = new DirectedGraph();
  for (const name of names) graph.addNode(name);
  for (const edge of edges) {
    graph.updateEdge(edge.before, edge.after, ({ lines = [] }) => {
      lines.push(edge);
      return { lines };
    });
  }
  return graph;
}
