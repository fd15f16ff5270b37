/**
 * `disco plan`: the order of the balls.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { requireRootOrState } from "../lib/dance/require_root.ts";
import { planDot, planFetched, planLines, savePlan } from "../lib/plan/mod.ts";
import { print, printJson } from "../lib/terminal/mod.ts";
import { loadFetched } from "../lib/state/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  requireRootOrState("plan", context);
  const plan = planFetched(context, loadFetched(context));
  savePlan(`${context.roots.fetched}/universe`, plan);
  if (context.json) printJson({ schema: 1, ...plan });
  else if (options.flags.has("dot")) print(planDot(plan));
  else print(planLines(plan).map((line) => `${line}\n`).join(""));
  return 0;
}

if (import.meta.main) Deno.exit(await runAlone("plan", main));
