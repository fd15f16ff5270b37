/**
 * Keep a merge that would undo itself.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { allowBalls, confirmGeneration, listUnconfirmed, requireRoot } from "../lib/dance/mod.ts";
import { Lock } from "../lib/state/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { report } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  requireRoot("confirm a dance");
  using _lock = new Lock(context);
  const waiting = await listUnconfirmed(context);
  const allowed = allowBalls(context.roots);
  if (waiting.length + allowed.length === 0) {
    throw new DiscoError("Cannot confirm: no generation waits for it", {
      hint: "see disco history",
    });
  }
  for (const one of waiting) {
    await confirmGeneration(context, one);
    report(`generation ${one.generation.head.id} is confirmed, and stays`);
  }
  for (const name of allowed) report(`ball ${name} dances again`);
  return 0;
}

if (import.meta.main) Deno.exit(await runAlone("confirm", main));
