/**
 * Fetch the node's parameters, its groups and its balls.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { fetchShown } from "../lib/dance/fetching.ts";
import { requireRootOrState } from "../lib/dance/require_root.ts";
import { debug, info, printJson, warning } from "../lib/terminal/mod.ts";
import { GUARD_FLAGS, REMOVALS_HELP } from "./guard_options.ts";

export const summary = "Fetch the node's parameters, groups and balls";

export const usage = `[options]
  ${REMOVALS_HELP}

Without a server the universe that ships with DISCO is used.`;

/** Fetch, and say what is new. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: GUARD_FLAGS });
  const context = await makeContext(options);
  requireRootOrState("fetch", context);
  const fetched = await fetchShown(context, ({ name, seconds, bytes }) => {
    const received = bytes === undefined ? "" : `, ${bytes} bytes`;
    debug(`${name}: ${seconds.toFixed(3)} s${received}`);
  }, { allowRemovals: options.flags.has("allow-removals") });
  if (context.json) {
    printJson(fetched);
    return 0;
  }
  const { node, listedAs, server, groups, balls, changed, notes = [] } = fetched;
  for (const note of notes) warning(note);
  const as = listedAs === node ? "" : `, listed as ${listedAs}`;
  info(`node ${node}${as}: ${stateOf(changed.parameters, listedAs)} (${server})`);
  for (const group of groups) info(`group ${group}: ${stateOf(changed.groups, group)}`);
  for (const ball of balls) info(`ball ${ball}: ${stateOf(changed.balls, ball)}`);
  return 0;
}

function stateOf(changed: readonly string[], name: string): string {
  return changed.includes(name) ? "fetched" : "unchanged";
}

if (import.meta.main) Deno.exit(await runCommand("fetch", { summary, usage, main }, Deno.args));
