/**
 * List the dances of this node, or show one again.
 *
 * @module
 */
import { diffColour, formatChange } from "../lib/changes/format.ts";
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import {
  historyLines,
  loadResult,
  readHistory,
  type Result,
  summaryLines,
} from "../lib/report/mod.ts";
import { colour, print, printJson, report } from "../lib/terminal/mod.ts";

export const summary = "List the dances and generations of this node, or show one again";

export const usage = `[show DANCE] [options]
  show DANCE     the changes and the outcome of a dance`;

/** Print the history, or one dance of it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  const [word, dance, ...more] = options.words;
  const { roots, json } = await makeContext(options);
  if (word === undefined) {
    const history = readHistory(roots);
    if (json) printJson(history);
    else print(historyLines(history).join("\n"));
    return 0;
  }
  if (word !== "show" || dance === undefined || more.length > 0) {
    throw usageError(`Cannot understand "${options.words.join(" ")}": expected "show DANCE"`);
  }
  const result = loadResult(roots, dance);
  if (json) printJson(result);
  else show(result);
  return 0;
}

function show(result: Result): void {
  for (const line of result.changes.flatMap(formatChange)) print(colour(diffColour(line), line));
  for (const line of summaryLines(result)) report(line);
}

if (import.meta.main) Deno.exit(await runCommand("history", { summary, usage, main }, Deno.args));
