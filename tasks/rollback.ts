/**
 * Undo a merged dance.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { rollBack } from "../lib/dance/mod.ts";
import { report } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  const [id] = options.words;
  const { lines, isWhole } = await rollBack(context, {
    id,
    force: options.flags.has("force"),
    effects: !options.flags.has("no-effects"),
  });
  report(...lines);
  return isWhole ? 0 : 1;
}

if (import.meta.main) Deno.exit(await runAlone("rollback", main));
