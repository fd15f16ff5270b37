/**
 * Show what the balls in the union have changed.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { appliedSoFar, keep, Listed, runStage, until, warnOfRefusal } from "../lib/dance/mod.ts";
import { printChanges, printResult, shownOf, wantsSecrets } from "./show_result.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const shown = shownOf(options);
  const showSecrets = wantsSecrets(options);
  const context = await makeContext(options);
  return await runStage(context, "fs-diff", async (dance, seen) => {
    const listed = await until(appliedSoFar(dance), Listed, seen);
    warnOfRefusal(listed);
    const result = await keep(listed);
    if (context.json) printResult(result);
    else printChanges(listed.difference.changes, showSecrets, shown);
    return 0;
  }, { showSecrets });
}

if (import.meta.main) Deno.exit(await runAlone("fs-diff", main));
