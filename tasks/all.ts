/**
 * The commands of `disco`, each loaded when it is asked for.
 *
 * @module
 */
import type { Command } from "../lib/command.ts";

/** The stages in the order of a dance, then the other commands. */
export const commands: Record<string, () => Promise<Command>> = {
  dance: () => import("./dance.ts"),
  fetch: () => import("./fetch.ts"),
  plan: () => import("./plan.ts"),
  report: () => import("./report.ts"),
  history: () => import("./history.ts"),
  param: () => import("./param.ts"),
  ball: () => import("./ball.ts"),
};
