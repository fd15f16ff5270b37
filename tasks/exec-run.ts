/**
 * Run the scripts of a ball in the union.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { requireLayerOf, runBallStage, runScripts } from "../lib/dance/mod.ts";

/** One line on what this command does. */
export const summary = "Run the scripts of a ball in the union";

/** Words and own options. */
export const usage = `BALL [options]

The ball must have been rendered just before, with exec-render.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { words: 1 });
  const context = await makeContext(options);
  return await runBallStage(context, "exec-run", options.words, async (dance, ball) => {
    requireLayerOf(dance, ball);
    await runScripts(dance, ball);
    dance.progress.balls[ball.name] = { status: "ok", changes: 0, error: null };
  });
}

if (import.meta.main) Deno.exit(await runCommand("exec-run", { summary, usage, main }, Deno.args));
