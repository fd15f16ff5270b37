/**
 * Merge the changes onto the live root, then carry out the effects.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import {
  afterMerge,
  carryOutEffects,
  diff,
  keep,
  leave,
  listEffects,
  merge,
  rememberDelivered,
  requireWhole,
  runChecks,
  runStage,
  treatOrphans,
} from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { guardsOf } from "./guard_options.ts";
import { printResult } from "./show_result.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  return await runStage(context, { stage: "fs-merge", after: "fs-mount" }, async (dance) => {
    if (!options.flags.has("keep-going")) requireWhole(dance);
    dance.guards = guardsOf(options);
    await treatOrphans(dance);
    const { changes } = await diff(dance);
    listEffects(dance);
    await runChecks(dance, changes);
    await merge(dance);
    await afterMerge(dance, "remember what was delivered", () => rememberDelivered(dance));
    dance.union = dance.mounted.state;
    leave(dance);
    await carryOutEffects(dance);
    const result = await keep(dance);
    if (context.json) printResult(result);
    else report(...summaryLines(result));
    return result.ok ? 0 : 1;
  });
}

if (import.meta.main) Deno.exit(await runAlone("fs-merge", main));
