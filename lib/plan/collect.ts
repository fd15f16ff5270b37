/**
 * Which balls a dance needs, and why.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Listed, Reason } from "../state/fetched.ts";
import type { PlanEdge } from "./plan.ts";

/** The needed balls with their reasons, and what their `requires` say about the order. */
export interface Collection {
  readonly reasons: ReadonlyMap<string, Reason[]>;
  readonly edges: PlanEdge[];
}

/** Every ball may leave a layer, and two overlays of up to 500 (OVL_MAX_STACK) hold those. */
export const MAX_BALLS = 900;
/** Missing balls that an error names. */
const MOST_NAMED = 20;

/**
 * Follow `requires` from the listed balls. Throws where there are more than {@linkcode MAX_BALLS}, and
 * for missing balls, which the error names.
 */
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
    const known = reasons.get(name);
    if (known) return void known.push(reason);
    reasons.set(name, [reason]);
    queue.push(name);
    if (queue.length > MAX_BALLS) throw tooMany(node);
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
    throw missingError(missing);
  }
  return { reasons: new Map([...reasons].map(([name, all]) => [name, tidy(all)])), edges };
}

function tooMany(node: string): DiscoError {
  return new DiscoError(
    `Cannot plan more than ${MAX_BALLS} balls for node "${node}": one dance takes no more`,
    { hint: "put several of them together into one" },
  );
}

function missingError(missing: readonly string[]): DiscoError {
  const named = missing.toSorted().slice(0, MOST_NAMED).join("\nmissing ball ");
  const more = missing.length - MOST_NAMED;
  return new DiscoError(
    `Cannot plan: missing ball ${named}${more > 0 ? `\nand ${more} more` : ""}`,
    { hint: "add the ball on the server, or correct what asks for it, and fetch again" },
  );
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
