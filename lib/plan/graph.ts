/**
 * Balls as a directed graph: an edge leads from what is applied first to what comes after it.
 *
 * @module
 */
import { DirectedGraph } from "graphology";
import type { PlanEdge } from "./plan.ts";

/**
 * The graph; an edge knows the lines that say so. The library keeps neighbours in plain objects, where
 * a name such as `constructor` is there before anybody has put it there: a mark stands before each.
 */
export class BallGraph {
  readonly #graph = new DirectedGraph<Record<never, never>, { lines: PlanEdge[] }>();

  /** @param edges Several lines may say the same edge. */
  constructor(names: Iterable<string>, edges: readonly PlanEdge[]) {
    for (const name of names) this.#graph.addNode(marked(name));
    for (const edge of edges) {
      this.#graph.updateEdge(marked(edge.before), marked(edge.after), ({ lines = [] }) => {
        lines.push(edge);
        return { lines };
      });
    }
  }

  /** All balls. */
  get names(): string[] {
    return this.#graph.nodes().map(unmarked);
  }

  /** How many balls come right before this one. */
  countBefore(name: string): number {
    return this.#graph.inDegree(marked(name));
  }

  /** The balls that come right after this one. */
  after(name: string): string[] {
    return this.#graph.outNeighbors(marked(name)).map(unmarked);
  }

  /** The lines that say so. */
  linesBetween(before: string, after: string): readonly PlanEdge[] {
    return this.#graph.getEdgeAttribute(marked(before), marked(after), "lines");
  }
}

const MARK = ":";

function marked(name: string): string {
  return MARK + name;
}

function unmarked(key: string): string {
  return key.slice(MARK.length);
}
