/**
 * Keep a merge that would undo itself.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import {
  allowBalls,
  confirmGeneration,
  listUnconfirmed,
  Lock,
  requireRoot,
} from "../lib/dance/mod.ts";
import { DiscoError } from "../lib/error.ts";
import { report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Keep what dance --confirm merged";

/** Words and own options. */
export const usage = `[options]

A merge by "dance --confirm 10m" is undone after ten minutes, unless this is run in time. A ball
whose merge was undone so stays out of later dances, until it changes or this is run.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = await makeContext(parseOptions(argv));
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
    report(`generation ${one.generation.journal.id} is confirmed, and stays`);
  }
  for (const name of allowed) report(`ball ${name} dances again`);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("confirm", { summary, usage, main }, Deno.args));
