/**
 * Keep a merge that would undo itself.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { confirmGeneration, listUnconfirmed, Lock, requireRoot } from "../lib/dance/mod.ts";
import { DiscoError } from "../lib/error.ts";
import { report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Keep what dance --confirm merged";

/** Words and own options. */
export const usage = `[options]

A merge by "dance --confirm 10m" is undone after ten minutes, unless this is run in time.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = await makeContext(parseOptions(argv));
  requireRoot("confirm a dance");
  using _lock = new Lock(context);
  const waiting = await listUnconfirmed(context);
  if (waiting.length === 0) {
    throw new DiscoError("Cannot confirm: no generation waits for it", {
      hint: "see disco history",
    });
  }
  for (const one of waiting) {
    confirmGeneration(one);
    report(`generation ${one.generation.journal.id} is confirmed, and stays`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("confirm", { summary, usage, main }, Deno.args));
