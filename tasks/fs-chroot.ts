/**
 * Make the union a root in which commands can run.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { Ready, runStage, until } from "../lib/dance/mod.ts";
import { info } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  return await runStage(context, "fs-chroot", async (dance, seen) => {
    await until(dance, Ready, seen);
    info(`dance ${dance.id}: commands can run in the union`);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runAlone("fs-chroot", main));
