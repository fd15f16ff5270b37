/**
 * Options that several commands have.
 *
 * @module
 */
import type { OptionRow } from "../../lib/command_line/mod.ts";

/** What guards of the merge let through. */
export const ALLOW_DELETIONS: OptionRow = {
  name: "allow-deletions",
  value: "N",
  help: "let N paths be deleted, with packages and accounts that go, one each",
};
export const ALLOW: OptionRow = {
  name: "allow",
  value: "GLOB",
  isMany: true,
  help: "let critical paths change (disco/client/guard)",
};
export const ALLOW_REMOVALS: OptionRow = {
  name: "allow-removals",
  help: "the universe may have lost most balls of this node",
};

/** How changes are shown. */
export const SHOW_OPTIONS: readonly OptionRow[] = [
  {
    name: "diff",
    value: "HOW",
    choices: ["full", "short", "none"],
    help:
      "show every change and diff; count what packages bring, fold what is many, cut long diffs " +
      "(short, the default); show no diffs",
  },
  { name: "stat", help: "show counts by directory and package only" },
];
export const SHOW_SECRETS: OptionRow = {
  name: "show-secrets",
  help: "show what secrets hold, on a terminal only; it is never kept",
};
