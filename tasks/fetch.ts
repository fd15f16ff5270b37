/**
 * Fetch the node's parameters, its groups and its balls.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { fetchShown } from "../lib/dance/fetch_shown.ts";
import { requireRootOrState } from "../lib/dance/require_root.ts";
import { debug, info, printJson, warning } from "../lib/terminal/mod.ts";

/** Fetch, and say what is new. */
export async function main(options: Options): Promise<number> {
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

if (import.meta.main) Deno.exit(await runAlone("fetch", main));
