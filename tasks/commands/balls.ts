/**
 * The commands for those who write balls.
 *
 * @module
 */
import type { Command } from "../../lib/command_line/mod.ts";
import { ALLOW_DELETIONS } from "./shared_options.ts";

export const BALLS: readonly Command[] = [
  {
    name: "ball",
    group: "ball",
    summary: "Make and check balls",
    words: [{ name: "WHAT", offer: ["init", "requires", "lint", "check"] }, { name: "NAME|DIR" }],
    forms: [
      { form: "init NAME", help: "make the folder of a new ball in the current directory" },
      { form: "requires DIR", help: "print what the ball requires" },
      {
        form: "lint DIR",
        help: "check the ball's structure, requires, permissions, names, parameters and scripts",
      },
      { form: "check BALL", help: "the same as disco check BALL" },
    ],
    options: [ALLOW_DELETIONS],
    load: () => import("../ball.ts"),
  },
  {
    name: "check",
    group: "ball",
    summary:
      "Check that a ball's dry run predicts its live run, and that a second run changes nothing",
    words: [{ name: "BALL", offer: "balls" }],
    options: [ALLOW_DELETIONS],
    text:
      `BALL is the name of a ball in the universe, or its folder UNIVERSE/balls/BALL. It is applied with
what it requires, but nothing is merged or carried out: first as a dry run, then as a live run, then as
a live run on top of that. The first two must agree, and the third must change nothing. With --verbose
the changes are shown.`,
    load: () => import("../check.ts"),
  },
];
