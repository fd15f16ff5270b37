/**
 * The commands that configure this node.
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

export const DANCE: readonly Command[] = [
  {
    name: "dance",
    group: "dance",
    summary: "Configure this node: run every stage in order",
    options: [
      {
        name: "keep-going",
        help: "go on with balls that do not depend on a failed one, and merge those",
      },
      {
        name: "only",
        value: "PATH|BALL",
        isMany: true,
        help: "merge only what is at or below a path, or what a ball changed",
      },
      { name: "except", value: "PATH|BALL", isMany: true, help: "merge everything but that" },
      { name: "review", help: "show each change, and ask" },
      SHOW_SECRETS,
      ...SHOW_OPTIONS,
      ALLOW,
      ALLOW_DELETIONS,
      ALLOW_REMOVALS,
      { name: "save", value: "FILE", help: "with --noop: save the outcome in FILE" },
      {
        name: "plan",
        value: "FILE",
        help: "merge only if the outcome is the one that was saved in FILE, else nothing",
      },
      {
        name: "confirm",
        value: "TIME",
        help: 'undo the merge after TIME (90s, 10m, 2h), unless "disco confirm" is run before',
      },
      {
        name: "confirm-by",
        value: "COMMAND",
        help: "with --confirm: run COMMAND after the effects; it confirms with exit code 0, " +
          "otherwise the merge is undone at once (words as in a shell, but no shell)",
      },
      { name: "detailed-exitcode", help: "end with 2 if a dry run found changes" },
    ],
    load: () => import("../dance.ts"),
  },
  {
    name: "exec-shell",
    group: "dance",
    summary: "Open a shell in the union, to try things",
    words: [{ name: "BALL", isOptional: true, isMany: true, offer: "balls" }],
    options: [
      { name: "merge", help: "ask at the end whether to merge the changes" },
      ...[SHOW_SECRETS, ALLOW, ALLOW_DELETIONS, ALLOW_REMOVALS],
    ],
    text:
      `Applies the named balls of the plan first. On exit the changes are shown; without --merge they
are thrown away.`,
    load: () => import("../exec-shell.ts"),
  },
];
