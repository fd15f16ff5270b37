/**
 * The plan for people and for Graphviz.
 *
 * @module
 */
import { printable } from "../terminal/printable.ts";
import type { Plan } from "./plan.ts";
import type { Reason } from "../state/fetched.ts";

/** One line a ball: `1. users   (listed by the node; required by web)`. */
export function planLines(plan: Plan): string[] {
  const width = Math.max(0, ...plan.order.map(({ name }) => name.length));
  const digits = String(plan.order.length).length;
  return plan.order.map(({ name, reasons }, index) =>
    `${String(index + 1).padStart(digits)}. ${printable(name).padEnd(width)}   (${
      reasons.map((reason) => printable(reasonText(reason))).join("; ")
    })`
  );
}

/** The plan in the DOT language; an edge leads to the ball that is applied later. */
export function planDot(plan: Plan): string {
  const nodes = plan.order.map(({ name, reasons }) =>
    `  ${quote(name)} [tooltip=${quote(reasons.map(reasonText).join("; "))}];\n`
  );
  const edges = plan.edges.map(({ before, after, file, line }) =>
    `  ${quote(before)} -> ${quote(after)} [tooltip=${quote(`${file}, line ${line}`)}];\n`
  );
  return `strict digraph ${quote(plan.node)} {\n${nodes.join("")}${edges.join("")}}\n`;
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "node":
      return "listed by the node";
    case "group":
      return `listed by group ${reason.group}`;
    case "asked":
      return "asked for";
    case "required":
      return `required by ${reason.by}${reason.relation === "before" ? " to come after it" : ""}`;
  }
}

/** A quoted string of DOT: a quote is escaped; a backslash too, as labels have escapes of their own. */
function quote(text: string): string {
  return `"${printable(text).replaceAll(/["\\]/g, "\\$&")}"`;
}
