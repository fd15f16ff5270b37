/**
 * Show what the balls in the union have changed.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { diff, keep, listEffects, runStage, treatOrphans } from "../lib/dance/mod.ts";
import { printChanges, printResult } from "./show_result.ts";

/** One line on what this command does. */
export const summary = "Show what the balls in the union have changed";

/** Words and own options. */
export const usage = `[options]`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = await makeContext(parseOptions(argv));
  return await runStage(context, { stage: "fs-diff", after: "fs-mount" }, async (dance) => {
    treatOrphans(dance);
    const { changes } = await diff(dance);
    listEffects(dance);
    const result = await keep(dance);
    if (context.json) printResult(result);
    else printChanges(changes);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runCommand("fs-diff", { summary, usage, main }, Deno.args));
