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
export const usage = `[GENERATION] [--force] [--no-effects] [options]
  --force       undo it even where others have changed a path since: what they did is named, and kept
                with the new generation
  --no-effects  files only: services stay as they are
  --noop        list what would be undone, path by path

Without a name the last generation is undone that has not been undone. Undoing is a transaction
like a merge: all of it or nothing, and it can be undone itself. Then units are started, stopped and
restarted, so that they are what they were before the dance; no effect of the dance is repeated, and
what cannot be taken back is named before. The exit code is 1 if something of it is owed.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: ["force", "no-effects"], words: 1 });
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

if (import.meta.main) Deno.exit(await runCommand("rollback", { summary, usage, main }, Deno.args));
