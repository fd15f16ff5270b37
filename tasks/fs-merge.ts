/**
 * Merge the changes onto the live root, then carry out the effects.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import {
  appliedSoFar,
  Finished,
  keep,
  leave,
  Merged,
  requireWhole,
  runStage,
  until,
} from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { guardsOf } from "./guard_options.ts";
import { printResult } from "./show_result.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  return await runStage(context, "fs-merge", async (dance, seen) => {
    const applied = appliedSoFar(dance);
    if (!options.flags.has("keep-going")) requireWhole(applied);
    const merged = await until(applied, Merged, seen);
    // Effects must see the host's mounts.
    leave(merged);
    const result = await keep(await until(merged, Finished, seen));
    if (context.json) printResult(result);
    else report(...summaryLines(result));
    return result.ok ? 0 : 1;
  }, guardsOf(options));
}

if (import.meta.main) Deno.exit(await runAlone("fs-merge", main));
