/**
 * Run every stage in order: configure this node.
 *
 * @module
 */
import { colour, print, printJson, report } from "../lib/terminal/mod.ts";
import { diffColour, formatChange } from "../lib/changes/mod.ts";
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { danceWhole } from "../lib/dance/mod.ts";
import { redactChange, type Result, summaryLines } from "../lib/report/mod.ts";

/** One line on what this command does. */
export const summary = "Configure this node: run every stage in order";

/** Words and own options. */
export const usage = `[options]
  --keep-going         go on with balls that do not depend on a failed one, and merge those
  --detailed-exitcode  end with 2 if a dry run found changes`;

/** Dance, and print what changed. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: ["keep-going", "detailed-exitcode"] });
  const context = await makeContext(options);
  const result = await danceWhole(context, { keepGoing: options.flags.has("keep-going") });
  if (context.json) printJson({ ...result, changes: result.changes.map(redactChange) });
  else show(result);
  if (!result.ok) return 1;
  const found = result.noop && (result.changes.length > 0 || result.effects.length > 0);
  return found && options.flags.has("detailed-exitcode") ? 2 : 0;
}

function show(result: Result): void {
  for (const change of result.changes) {
    for (const line of formatChange(change)) print(colour(diffColour(line), line));
  }
  for (const line of summaryLines(result)) report(line);
}

if (import.meta.main) {
  Deno.exit(await runCommand("dance", { summary, usage, main }, Deno.args));
}
