/**
 * From the balls to the plan.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import { collect } from "./collect.ts";
import { type BallGraph, makeGraph } from "./graph.ts";
import { orderOf } from "./order.ts";
import type { Listed, Plan, PlanEdge } from "./plan.ts";

/** Every ball may leave a layer, and overlayfs takes up to 500 (OVL_MAX_STACK in the kernel). */
export const MAX_BALLS = 500;

/**
 * Plan a dance: the listed balls and what they require, in order. Throws when a ball is missing,
 * when the balls form a cycle, and when there are more than {@linkcode MAX_BALLS}. Balls that nobody
 * lists or requires are ignored.
 */
export function makePlan(
  node: string,
  listed: readonly Listed[],
  balls: ReadonlyMap<string, Ball>,
): Plan {
  const { reasons, edges } = collect(node, listed, balls);
  if (reasons.size > MAX_BALLS) {
    throw new DiscoError(
      `Cannot plan ${reasons.size} balls for node "${node}": one dance takes at most ${MAX_BALLS}`,
      { hint: "put several of them together into one" },
    );
  }
  const graph = makeGraph(reasons.keys(), edges);
  const { kind, names } = orderOf(graph);
  if (kind === "cycle") throw cycleError(graph, names);
  return {
    node,
    order: names.map((name) => ({ name, reasons: reasons.get(name)! })),
    edges: edges.sort(compareEdges),
  };
}

function cycleError(graph: BallGraph, names: readonly string[]): DiscoError {
  const steps = names.map((name, index) => [name, names[(index + 1) % names.length]!] as const);
  const lines = steps.flatMap(([before, after]) =>
    graph.getEdgeAttribute(before, after, "lines").map((edge) =>
      `"${edge.file}", line ${edge.line}, says: ${statement(edge)}`
    )
  );
  return new DiscoError(
    [`Cannot order the balls: ${[...names, names[0]].join(" -> ")} is a cycle`, ...lines].join(
      "\n",
    ),
    { hint: "remove one of these lines on the server and fetch again" },
  );
}

function statement({ before, after, by }: PlanEdge): string {
  if (before === after) return "the ball requires itself";
  return by === before ? `before ${after}` : `after ${before}`;
}

function compareEdges(a: PlanEdge, b: PlanEdge): number {
  return compare(a.before, b.before) || compare(a.after, b.after) || compare(a.by, b.by) ||
    a.line - b.line;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
