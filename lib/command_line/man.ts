/**
 * Man pages, in the macros of man(7).
 *
 * @module
 */
import { COMMON_OPTIONS } from "./common.ts";
import { optionHelp, optionText, synopsesOf } from "./help.ts";
import type { CommandRow, OptionRow } from "./row.ts";

/** The page disco-COMMAND(8). */
export function manPage(row: CommandRow, version: string): string {
  const name = `disco-${row.name}`;
  return [
    `.TH ${name.toUpperCase()} 8 "" "DISCO ${version}" "DISCO"`,
    ".SH NAME",
    `${escaped(name)} \\- ${escaped(row.summary)}`,
    ".SH SYNOPSIS",
    ...synopsesOf(row).flatMap((line, i) => [...i > 0 ? [".br"] : [], `.B ${escaped(line)}`]),
    ...row.text === undefined ? [] : [".SH DESCRIPTION", paragraphs(row.text)],
    ...section("FORMS", (row.forms ?? []).map(({ form, help }) => [form, help])),
    ...section("OPTIONS", (row.options ?? []).map(described)),
    ...section("COMMON OPTIONS", COMMON_OPTIONS.map(described)),
    ".SH SEE ALSO",
    "disco help, and the pages in docs/",
    "",
  ].join("\n");
}

function described(option: OptionRow): [what: string, help: string] {
  return [optionText(option), optionHelp(option)];
}

function section(title: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [];
  return [
    `.SH ${title}`,
    ...entries.flatMap(([what, help]) => [".TP", `.B ${escaped(what)}`, escaped(help)]),
  ];
}

function paragraphs(text: string): string {
  return text.split("\n\n").map((part) =>
    /^\S+ {2,}/m.test(part) ? `.nf\n${lines(part)}\n.fi` : lines(part)
  ).join("\n.PP\n");
}

function lines(text: string): string {
  return text.split("\n").map(escaped).join("\n");
}

/** A backslash, a hyphen that is to be copied, and a line that would be a request. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^(?=[.'])/, "\\&");
}
