/**
 * From the balls to the plan.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { collect } from "./collect.ts";
import { BallGraph } from "./graph.ts";
import { orderOf } from "./order.ts";
import type { Listed } from "../state/fetched.ts";
import type { Plan, PlanEdge } from "./plan.ts";

/**
 * Plan a dance: the listed balls and what they require, in order. Throws when a ball is missing,
 * when the balls form a cycle, and when there are more than `MAX_BALLS`. Balls that nobody
 * lists or requires are ignored.
 */
export function makePlan(
  node: string,
  listed: readonly Listed[],
  balls: ReadonlyMap<string, Ball>,
): Plan {
  const { reasons, edges } = collect(node, listed, balls);
  const graph = new BallGraph(reasons.keys(), edges);
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
    graph.linesBetween(before, after).map((edge) =>
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
