/**
 * Run every stage in order: configure this node.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { danceWhole } from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { printChanges, printResult } from "./show_result.ts";

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
  if (context.json) printResult(result);
  else {
    printChanges(result.changes);
    summaryLines(result).forEach(report);
  }
  if (!result.ok) return 1;
  const found = result.noop && (result.changes.length > 0 || result.effects.length > 0);
  return found && options.flags.has("detailed-exitcode") ? 2 : 0;
}

if (import.meta.main) {
  Deno.exit(await runCommand("dance", { summary, usage, main }, Deno.args));
}
