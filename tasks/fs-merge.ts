/**
 * Merge the changes onto the live root, then carry out the effects.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
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
  runStage,
  treatOrphans,
} from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { GUARD_HELP, GUARD_LISTS, GUARD_VALUES, guardsOf } from "./guard_options.ts";
import { printResult } from "./show_result.ts";

/** One line on what this command does. */
export const summary = "Merge the changes onto the live root, then carry out the effects";

/** Words and own options. */
export const usage = `[--keep-going] [options]
  --keep-going         merge although balls of the plan failed or were not applied
  ${GUARD_HELP}`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    flags: ["keep-going"],
    values: GUARD_VALUES,
    lists: GUARD_LISTS,
  });
  const context = await makeContext(options);
  return await runStage(context, { stage: "fs-merge", after: "fs-mount" }, async (dance) => {
    if (!options.flags.has("keep-going")) requireWhole(dance);
    dance.guards = guardsOf(options);
    await treatOrphans(dance);
    await diff(dance);
    listEffects(dance);
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

if (import.meta.main) Deno.exit(await runCommand("fs-merge", { summary, usage, main }, Deno.args));
