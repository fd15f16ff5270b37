/**
 * Take the union down; nothing stays mounted.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { unmountAlone } from "../lib/dance/mod.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Take the union down; nothing stays mounted";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  const id = await unmountAlone(context);
  info(
    id === undefined
      ? "no dance is in progress: nothing is mounted"
      : `dance ${id}: the union is taken down`,
  );
  return 0;
}

if (import.meta.main) Deno.exit(await runAlone("fs-unmount", main));
