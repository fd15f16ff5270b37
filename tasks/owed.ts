/**
 * What is owed: effects that failed, and what a dance that was cut off has left.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
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

/** Run it. */
export async function main(options: Options): Promise<number> {
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

if (import.meta.main) Deno.exit(await runAlone("owed", main));
