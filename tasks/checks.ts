/**
 * `disco checks`: what tries the finished tree before a merge.
 *
 * @module
 */
import { SHIPPED_CHECKS } from "../lib/checks/mod.ts";
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { fetchedLines } from "../lib/dance/mod.ts";
import { Tree } from "../lib/door/mod.ts";
import { commandLine } from "../lib/effects/mod.ts";
import { groundOf, hasProgram, placeOf, whyLeftOut } from "../lib/on_change/mod.ts";
import { print, printable, printJson } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  using tree = new Tree(context.root);
  const ground = groundOf(tree, tree);
  const entries = fetchedLines(context, "checks", SHIPPED_CHECKS).map((line) => ({
    line,
    why: whyLeftOut(line, ground, "checks") ?? null,
    isMissing: !hasProgram(line.argv, ground),
  }));
  if (context.json) {
    printJson(entries.map(({ line: { glob, argv, warns, file, line }, why, isMissing }) => (
      { glob, argv, warns, file, line, why, missing: isMissing }
    )));
    return 0;
  }
  for (const { line, why, isMissing } of entries) {
    const not = why === null ? isMissing ? "missing: " : "" : `not here, ${printable(why)}: `;
    const how = line.warns ? "warn " : "";
    print(`${not}${printable(line.glob)} ${how}${commandLine(line.argv)} (${placeOf(line)})`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await runAlone("checks", main));
