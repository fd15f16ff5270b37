/**
 * Which balls a dance needs, and why.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import type { Listed, PlanEdge, Reason } from "./plan.ts";

/** The needed balls with their reasons, and what their `requires` say about the order. */
export interface Collection {
  readonly reasons: ReadonlyMap<string, Reason[]>;
  readonly edges: PlanEdge[];
}

/** Follow `requires` from the listed balls; every ball that is missing is named in the error. */
export function collect(
  node: string,
  listed: readonly Listed[],
  balls: ReadonlyMap<string, Ball>,
): Collection {
  const reasons = new Map<string, Reason[]>();
  const edges: PlanEdge[] = [];
  const missing: string[] = [];
  const queue: string[] = [];
  const need = (name: string, reason: Reason, says: string) => {
    if (!balls.has(name)) missing.push(`"${name}": ${says}`);
    if (!reasons.has(name)) queue.push(name);
    reasons.set(name, [...(reasons.get(name) ?? []), reason]);
  };
  for (const { ball, by } of listed) need(ball, by, whoLists(node, by));
  // The queue grows while it is worked through.
  for (const by of queue) {
    for (const { relation, ball, line } of balls.get(by)?.requires ?? []) {
      const file = `${by}/requires`;
      need(ball, { kind: "required", by, relation }, `"${file}", line ${line}, requires it`);
      const [before, after] = relation === "after" ? [ball, by] : [by, ball];
      edges.push({ before, after, by, file, line });
    }
  }
  if (missing.length > 0) {
    throw new DiscoError(`Cannot plan: missing ball ${missing.sort().join("\nmissing ball ")}`, {
      hint: "add the ball on the server, or correct who asks for it, and fetch again",
    });
  }
  return { reasons: new Map([...reasons].map(([name, all]) => [name, tidy(all)])), edges };
}

function whoLists(node: string, by: Reason): string {
  if (by.kind === "asked") return "it was asked for";
  return by.kind === "group" ? `group "${by.group}" lists it` : `node "${node}" lists it`;
}

const RANK: Record<Reason["kind"], string> = { asked: "", node: "0", group: "1", required: "2" };

/** Without repetitions, in the order that `PlannedBall` promises. */
function tidy(reasons: readonly Reason[]): Reason[] {
  const byKey = new Map(reasons.map((reason) => [keyOf(reason), reason]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

function keyOf(reason: Reason): string {
  const rank = RANK[reason.kind];
  if (reason.kind === "group") return `${rank} ${reason.group}`;
  return reason.kind === "required" ? `${rank} ${reason.by} ${reason.relation}` : rank;
}
