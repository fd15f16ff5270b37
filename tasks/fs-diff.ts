/**
 * Show what the balls in the union have changed.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import {
  diff,
  keep,
  listEffects,
  runStage,
  treatOrphans,
  warnOfRefusal,
} from "../lib/dance/mod.ts";
import { printChanges, printResult, shownOf, wantsSecrets } from "./show_result.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const shown = shownOf(options);
  const showSecrets = wantsSecrets(options);
  const context = await makeContext(options);
  return await runStage(context, { stage: "fs-diff", after: "fs-mount" }, async (dance) => {
    await treatOrphans(dance);
    const { changes } = await diff(dance, showSecrets);
    listEffects(dance);
    warnOfRefusal(dance);
    const result = await keep(dance);
    if (context.json) printResult(result);
    else printChanges(changes, showSecrets, shown);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runAlone("fs-diff", main));
