/**
 * Undo a merged dance.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { rollBack } from "../lib/dance/mod.ts";
import { report } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Undo a merged dance";

/** Words and own options. */
export const usage = `[GENERATION] [--force] [--effects] [options]
  --force    undo it even where somebody has changed a path since
  --effects  carry out the effects of the dance again, so that services see their old files

Without a name the last generation is undone that has not been undone. Undoing is a
transaction like a merge: all of it or nothing, and it can be undone itself.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: ["force", "effects"], words: 1 });
  const context = await makeContext(options);
  const [id] = options.words;
  const lines = await rollBack(context, {
    id,
    force: options.flags.has("force"),
    effects: options.flags.has("effects"),
  });
  report(...lines);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("rollback", { summary, usage, main }, Deno.args));
