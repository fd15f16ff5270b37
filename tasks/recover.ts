/**
 * Finish, or take back, a merge that was cut off.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import { giveUpMerge, recoverMerges } from "../lib/dance/mod.ts";
import { info, report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Finish, or take back, a merge that was cut off";

/** Words and own options. */
export const usage = `[--at TIME | --give-up GENERATION] [options]
  --at TIME             wait until then (ISO 8601) before
  --give-up GENERATION  leave a merge as it is that can be neither finished nor taken back: what is
                        live stays, and is told path by path; the rest is dropped

Every dance does so before it begins. It is quick where there is nothing to do.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { values: ["at", "give-up"] });
  const context = await makeContext(options);
  const [id, at] = [options.values.get("give-up"), options.values.get("at")];
  if (id !== undefined && at !== undefined) {
    throw usageError('Cannot use "--give-up" together with "--at"');
  }
  if (id !== undefined) {
    report(...await giveUpMerge(context, id));
    return 0;
  }
  if (at !== undefined) await waitUntil(at);
  const lines = await recoverMerges(context);
  for (const line of lines.length > 0 ? lines : ["nothing to recover"]) info(line);
  return 0;
}

async function waitUntil(time: string): Promise<void> {
  const deadline = Date.parse(time);
  if (Number.isNaN(deadline)) throw usageError(`Cannot use "${time}" as a time: expected ISO 8601`);
  // In short steps, because the clock may be set meanwhile.
  while (Date.now() < deadline) {
    await new Promise((done) => setTimeout(done, Math.min(deadline - Date.now(), 1000)));
  }
}

if (import.meta.main) Deno.exit(await runCommand("recover", { summary, usage, main }, Deno.args));
