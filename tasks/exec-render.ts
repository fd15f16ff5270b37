/**
 * Deliver the files and templates of a ball into the union.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { beginBall, render, runBallStage } from "../lib/dance/mod.ts";

/** One line on what this command does. */
export const summary = "Deliver the files and templates of a ball into the union";

/** Words and own options. */
export const usage = `BALL [options]`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { words: 1 });
  const context = await makeContext(options);
  return await runBallStage(context, "exec-render", options.words, async (dance, ball) => {
    beginBall(dance, ball);
    await render(dance, ball);
  });
}

if (import.meta.main) {
  Deno.exit(await runCommand("exec-render", { summary, usage, main }, Deno.args));
}
