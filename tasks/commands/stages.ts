/**
 * The stages of a dance, each a command of its own, in their order.
 *
 * @module
 */
import type { Command } from "../../lib/command_line/mod.ts";
import {
  ALLOW,
  ALLOW_DELETIONS,
  ALLOW_REMOVALS,
  SHOW_OPTIONS,
  SHOW_SECRETS,
} from "./shared_options.ts";

export const STAGES: readonly Command[] = [
  {
    name: "fetch",
    group: "stage",
    summary: "Fetch the node's parameters, groups and balls",
    options: [ALLOW_REMOVALS],
    text: `Without a server the universe that ships with DISCO is used.`,
    load: () => import("../fetch.ts"),
  },
  {
    name: "plan",
    group: "stage",
    summary: "Order the fetched balls, and say why each is there",
    options: [{ name: "dot", help: "print the graph for Graphviz" }],
    load: () => import("../plan.ts"),
  },
  {
    name: "fs-mount",
    group: "stage",
    summary: "Mount the union of the live root",
    text:
      `Begins a dance, to be gone through stage by stage: fs-mount, fs-chroot, exec-render BALL and
exec-run BALL for each ball of the plan, fs-diff, fs-merge, fs-unmount. With --noop the dance
cannot be merged.`,
    load: () => import("../fs-mount.ts"),
  },
  {
    name: "fs-chroot",
    group: "stage",
    summary: "Make the union a root in which commands can run",
    load: () => import("../fs-chroot.ts"),
  },
  {
    name: "exec-render",
    group: "stage",
    summary: "Deliver the files and templates of a ball into the union",
    words: [{ name: "BALL", offer: "balls" }],
    load: () => import("../exec-render.ts"),
  },
  {
    name: "exec-run",
    group: "stage",
    summary: "Run the scripts of a ball in the union",
    words: [{ name: "BALL", offer: "balls" }],
    text: `The ball must have been rendered just before, with exec-render.`,
    load: () => import("../exec-run.ts"),
  },
  {
    name: "fs-diff",
    group: "stage",
    summary: "Show what the balls in the union have changed",
    options: [SHOW_SECRETS, ...SHOW_OPTIONS],
    load: () => import("../fs-diff.ts"),
  },
  {
    name: "fs-merge",
    group: "stage",
    summary: "Merge the changes onto the live root, then carry out the effects",
    options: [
      {
        name: "keep-going",
        help: "merge although balls of the plan failed or were not applied",
      },
      ...[ALLOW, ALLOW_DELETIONS],
    ],
    load: () => import("../fs-merge.ts"),
  },
  {
    name: "fs-unmount",
    group: "stage",
    summary: "Take the union down; nothing stays mounted",
    text: `What was not merged is gone.`,
    load: () => import("../fs-unmount.ts"),
  },
];
