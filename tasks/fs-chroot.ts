/**
 * Make the union a root in which commands can run.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { chroot, runStage } from "../lib/dance/mod.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Make the union a root in which commands can run";

/** Words and own options. */
export const usage = `[options]`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = await makeContext(parseOptions(argv));
  return await runStage(context, { stage: "fs-chroot", after: "fs-mount" }, (dance) => {
    chroot(dance);
    info(`dance ${dance.id}: commands can run in the union`);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runCommand("fs-chroot", { summary, usage, main }, Deno.args));
