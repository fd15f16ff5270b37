/**
 * Finish, or take back, a merge that was cut off.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { recoverMerges } from "../lib/dance/mod.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Finish, or take back, a merge that was cut off";

/** Words and own options. */
export const usage = `[options]

Every dance does so before it begins. It is quick where there is nothing to do.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = await makeContext(parseOptions(argv));
  const lines = await recoverMerges(context);
  for (const line of lines.length > 0 ? lines : ["nothing to recover"]) info(line);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("recover", { summary, usage, main }, Deno.args));
