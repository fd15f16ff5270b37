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
  "fs-mount": () => import("./fs-mount.ts"),
  "fs-chroot": () => import("./fs-chroot.ts"),
  "exec-render": () => import("./exec-render.ts"),
  "exec-run": () => import("./exec-run.ts"),
  "exec-shell": () => import("./exec-shell.ts"),
  "fs-diff": () => import("./fs-diff.ts"),
  "fs-merge": () => import("./fs-merge.ts"),
  "fs-unmount": () => import("./fs-unmount.ts"),
  report: () => import("./report.ts"),
  history: () => import("./history.ts"),
  rollback: () => import("./rollback.ts"),
  confirm: () => import("./confirm.ts"),
  recover: () => import("./recover.ts"),
  status: () => import("./status.ts"),
  owed: () => import("./owed.ts"),
  install: () => import("./install.ts"),
  param: () => import("./param.ts"),
  ball: () => import("./ball.ts"),
  check: () => import("./check.ts"),
  policy: () => import("./policy.ts"),
  reactions: () => import("./reactions.ts"),
};
