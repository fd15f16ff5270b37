/**
 * Finish, or take back, a merge that was cut off.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { giveUpMerge, listOwed, owedLine, recoverMerges } from "../lib/dance/mod.ts";
import { openLogs } from "../lib/due/mod.ts";
import { runningInit } from "../lib/init/mod.ts";
import { error, info, report } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
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
  const isWatcher = at !== undefined;
  if (isWatcher) {
    const isDue = () => openLogs(context.roots).length > 0;
    await waitUntil(at, isDue);
    // It was confirmed or undone: whoever holds the lock now is not kept waiting, and keeps nobody.
    if (!isDue()) return nothing();
  }
  const isBooting = isEarly || isWatcher && !await runningInit().isUp();
  const lines = await recoverMerges(context, { isEarly: isBooting, waits: waits || isWatcher });
  // The journal of the unit must say it, with --quiet, too.
  if (lines.length > 0) report(...lines);
  else nothing();
  if (isBooting && lines.length > 0) await runningInit().goOnBooting();
  const owed = await listOwed(context);
  for (const one of owed) error(`owed: ${owedLine(one)}`);
  return owed.length > 0 ? 1 : 0;
}

function nothing(): number {
  info("nothing to recover");
  return 0;
}

/** Wait for a time; ends early once nothing is there to wait for. */
async function waitUntil(time: string, isNeeded: () => boolean): Promise<void> {
  // Date.parse takes "5", too.
  const deadline = /^\d{4}-\d\d-\d\dT/.test(time) ? Date.parse(time) : NaN;
  if (Number.isNaN(deadline)) throw usageError(`Cannot use "${time}" as a time: expected ISO 8601`);
  // In short steps, because the clock may be set meanwhile.
  while (Date.now() < deadline && isNeeded()) {
    await new Promise((done) => setTimeout(done, Math.min(deadline - Date.now(), 1000)));
  }
}

if (import.meta.main) Deno.exit(await runAlone("recover", main));
