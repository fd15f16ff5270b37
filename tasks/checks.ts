/**
 * `disco checks`: what tries the finished tree before a merge.
 *
 * @module
 */
import { SHIPPED_CHECKS } from "../lib/checks/mod.ts";
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { fetchedLines } from "../lib/dance/mod.ts";
import { Tree } from "../lib/door/mod.ts";
import { commandLine } from "../lib/effects/mod.ts";
import { groundOf, hasProgram, placeOf, whyLeftOut } from "../lib/on_change/mod.ts";
import { print, printable, printJson } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "List what tries the finished tree before a merge";

/** Words and own options. */
export const usage = `[options]

A line is "PATH-GLOB [if=WHERE]... [unless=PATH-GLOB]... [warn] COMMAND...": the shipped ones, then those of
/etc/disco/checks.d/*.conf, of the parameters checks.d/NAME, and of the file "checks" of each fetched
ball. A file replaces one of the same name from before. What is said of tools is true of this system
as it is now; a dance looks for them in the finished tree.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
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

if (import.meta.main) Deno.exit(await runCommand("checks", { summary, usage, main }, Deno.args));
