/**
 * Print the reference pages of the documentation anew, from the tables of commands and settings.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { commandsPage, type SettingEntry, settingsPage } from "../lib/command_line/reference.ts";
import { type SettingKey, settingRow, SETTINGS } from "../lib/context/known_settings.ts";
import { RESULT } from "../lib/result/shape.ts";
import { SAVED_PLAN } from "../lib/saved_plan/parse.ts";
import { jsonSchema } from "../lib/shape/mod.ts";
import { COMMANDS } from "./all.ts";

/** The pages, by their paths in the project. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    "docs/reference/commands.md": commandsPage(COMMANDS),
    "docs/reference/settings.md": settingsPage(
      (Object.keys(SETTINGS) as SettingKey[]).map(settingEntry),
    ),
    "docs/reference/result.schema.json": documentOf(
      jsonSchema("The result of a dance, as disco dance --json prints it", RESULT),
    ),
    "docs/reference/plan.schema.json": documentOf(
      jsonSchema("A plan, as disco dance --noop --save writes it", SAVED_PLAN),
    ),
  };
}

function documentOf(schema: Record<string, unknown>): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function settingEntry(key: SettingKey): SettingEntry {
  const row = settingRow(key);
  const { text } = row;
  switch (row.kind) {
    case "number":
      return { key, text, values: `a number, from ${row.least}`, fallback: String(row.fallback) };
    case "flag":
      return { key, text, values: "yes or no", fallback: row.fallback ? "yes" : "no" };
    case "word":
      return { key, text, values: row.words.join(", "), fallback: row.fallback };
    case "text":
      return { key, text, values: row.values, fallback: row.fallback };
  }
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(referencePages())) {
    Deno.writeTextFileSync(fromFileUrl(new URL(`../${path}`, import.meta.url)), text);
  }
}
