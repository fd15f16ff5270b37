/**
 * What is owed: effects that failed, and what a dance that was cut off has left.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import {
  forgetOwed,
  leftEntry,
  leftLine,
  listLeft,
  listOwed,
  owedEntry,
  owedLine,
  retryById,
} from "../lib/dance/mod.ts";
import { pendingMerges } from "../lib/merge/mod.ts";
import { print, printJson, report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "List effects that failed and are tried again, try or forget them";

/** Words and own options. */
export const usage = `[--retry ID | --forget ID] [options]
  --retry ID   try one effect again, or all of a dance
  --forget ID  never try it again

Each dance tries them again before its own effects. What a dance that was killed has left is listed,
too. The exit code is 1 while anything is owed or left.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { values: ["retry", "forget"] });
  const [retry, forget] = [options.values.get("retry"), options.values.get("forget")];
  if (retry !== undefined && forget !== undefined) {
    throw usageError('Cannot use "--retry" together with "--forget"');
  }
  const context = await makeContext(options);
  if (retry !== undefined) await retryById(context, retry);
  if (forget !== undefined) {
    for (const one of await forgetOwed(context, forget)) report(`forgotten: ${owedLine(one)}`);
  }
  const owed = await listOwed(context);
  const left = await listLeft(context);
  const merges = pendingMerges(context);
  if (context.json) {
    printJson({ schema: 1, owed: owed.map(owedEntry), left: left.map(leftEntry), merges });
  } else {
    const lines = [...owed.map(owedLine), ...left.map(leftLine), ...merges.map(mergeLine)];
    print(lines.length === 0 ? "nothing is owed" : lines.join("\n"));
  }
  return owed.length + left.length + merges.length > 0 ? 1 : 0;
}

function mergeLine(id: string): string {
  return `due: the merge ${id} is not at its end: a dance in progress, or else disco recover, ` +
    "finishes it or takes it back";
}

if (import.meta.main) Deno.exit(await runCommand("owed", { summary, usage, main }, Deno.args));
