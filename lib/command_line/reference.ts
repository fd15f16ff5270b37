/**
 * The reference pages of the documentation.
 *
 * @module
 */
import { COMMON_OPTIONS } from "./common.ts";
import { optionHelp, optionText, synopsesOf } from "./help.ts";
import { type CommandRow, type Group, GROUPS, type OptionRow } from "./row.ts";

/** How the pages are made anew. */
const MADE = "This page is printed by `deno task reference`: do not edit it.";

/** docs/reference/commands.md. */
export function commandsPage(rows: readonly CommandRow[]): string {
  const groups = (Object.entries(GROUPS) as [Group, string][]).flatMap(([group, title]) => [
    `## ${title[0]!.toUpperCase()}${title.slice(1)}`,
    ...rows.filter((row) => row.group === group).flatMap(commandPart),
  ]);
  return page([
    "# Commands",
    MADE,
    "Options may stand before or behind words, and end at `--`. Exit codes: 0 nothing to change or " +
    "all merged, 1 failed, 2 a dry run found changes (with `--detailed-exitcode`), 3 used wrongly, " +
    "4 another dance holds the lock, 5 a merge waits for its confirmation.",
    "## Options of every command",
    optionTable(COMMON_OPTIONS),
    ...groups,
  ]);
}

/** A setting, for the page. */
export interface SettingEntry {
  readonly key: string;
  readonly text: string;
  /** What values it takes, in words. */
  readonly values: string;
  /** What holds without it; empty where nothing does. */
  readonly fallback: string;
}

/** docs/reference/settings.md. */
export function settingsPage(settings: readonly SettingEntry[]): string {
  return page([
    "# Settings",
    MADE,
    "A setting is a small file below `/etc/disco` (`/etc/disco/client/timeout`), or a parameter " +
    "(`disco param set disco/client/timeout`); the file counts first. A setting that does not " +
    "exist, or a value that cannot be used, is an error before anything begins.",
    table(
      ["setting", "says", "values", "without it"],
      settings.map(({ key, text, values, fallback }) => [`\`${key}\``, text, values, fallback]),
    ),
  ]);
}

function commandPart(row: CommandRow): string[] {
  const forms = (row.forms ?? []).map(({ form, help }) => [`\`${form}\``, help]);
  return [
    `### disco ${row.name}`,
    `${row.summary}.`,
    ["```", ...synopsesOf(row), "```"].join("\n"),
    ...forms.length > 0 ? [table(["form", ""], forms)] : [],
    ...row.options?.length ? [optionTable(row.options)] : [],
    ...row.text === undefined ? [] : [["```", row.text, "```"].join("\n")],
  ];
}

function optionTable(options: readonly OptionRow[]): string {
  return table(
    ["option", ""],
    options.map((option) => [`\`${optionText(option)}\``, optionHelp(option)]),
  );
}

/** Columns as wide as their widest cell, which is how the formatter has them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}

function page(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}
