/**
 * `disco plan`: the order of the balls.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { requireRootOrState } from "../lib/dance/require_root.ts";
import { planDot, planFetched, planLines, savePlan } from "../lib/plan/mod.ts";
import { print, printJson } from "../lib/terminal/mod.ts";
import { loadFetched } from "../lib/transport/mod.ts";

export const summary = "Order the fetched balls, and say why each is there";
export const usage = `[--dot] [--json]

  --dot          print the graph for Graphviz`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: ["dot"] });
  const context = await makeContext(options);
  requireRootOrState("plan", context);
  const plan = planFetched(context, loadFetched(context));
  savePlan(`${context.roots.fetched}/universe`, plan);
  if (context.json) printJson({ schema: 1, ...plan });
  else if (options.flags.has("dot")) print(planDot(plan));
  else print(planLines(plan).map((line) => `${line}\n`).join(""));
  return 0;
}

if (import.meta.main) {
  Deno.exit(await runCommand("plan", { summary, usage, main }, Deno.args));
}
