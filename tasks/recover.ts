/**
 * Finish, or take back, a merge that was cut off.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import {
  canCarryOutEffects,
  giveUpMerge,
  goOnBooting,
  listOwed,
  owedLine,
  recoverMerges,
} from "../lib/dance/mod.ts";
import { openLogs } from "../lib/due/mod.ts";
import { error, info, report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Finish, or take back, a merge that was cut off";

/** Words and own options. */
export const usage = `[--at TIME | --early | --give-up GENERATION] [--wait] [options]
  --at TIME             wait until then (ISO 8601), or until nothing is left to wait for, and for a
                        dance in progress
  --early               early at boot: files and deadlines only; effects wait for a later call
  --wait                wait for a dance in progress, up to an hour
  --give-up GENERATION  leave a merge as it is that can be neither finished nor taken back: what is
                        live stays, and is told path by path; the rest is dropped

Carries out effects, too, that were due and had not begun; one that was cut off is repeated only if
it may run twice. Every dance does so before it begins. It is quick where there is nothing to do.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { values: ["at", "give-up"], flags: ["early", "wait"] });
  const context = await makeContext(options);
  const [id, at] = [options.values.get("give-up"), options.values.get("at")];
  const [isEarly, waits] = [options.flags.has("early"), options.flags.has("wait")];
  if (Number(id !== undefined) + Number(at !== undefined) + Number(isEarly) > 1) {
    throw usageError('"--give-up", "--at" and "--early" cannot be used together');
  }
  if (id !== undefined) {
    report(...await giveUpMerge(context, id));
    return 0;
  }
  if (at !== undefined) await waitUntil(at, () => openLogs(context.roots).length > 0);
  const isWatcher = at !== undefined;
  const isBooting = isEarly || isWatcher && !await canCarryOutEffects();
  const lines = await recoverMerges(context, { isEarly: isBooting, waits: waits || isWatcher });
  // The journal of the unit must say it, with --quiet, too.
  if (lines.length > 0) report(...lines);
  else info("nothing to recover");
  if (isBooting && lines.length > 0) await goOnBooting();
  const owed = await listOwed(context);
  for (const one of owed) error(`owed: ${owedLine(one)}`);
  return owed.length > 0 ? 1 : 0;
}

/** Wait for a time; ends early once nothing is there to wait for. */
async function waitUntil(time: string, isNeeded: () => boolean): Promise<void> {
  const deadline = Date.parse(time);
  if (Number.isNaN(deadline)) throw usageError(`Cannot use "${time}" as a time: expected ISO 8601`);
  // In short steps, because the clock may be set meanwhile.
  while (Date.now() < deadline && isNeeded()) {
    await new Promise((done) => setTimeout(done, Math.min(deadline - Date.now(), 1000)));
  }
}

if (import.meta.main) Deno.exit(await runCommand("recover", { summary, usage, main }, Deno.args));
