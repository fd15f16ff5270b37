/**
 * Deliver the files and templates of a ball into the union.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { beginBall, render, runBallStage } from "../lib/dance/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  return await runBallStage(context, "exec-render", options.words, async (dance, ball) => {
    beginBall(dance, ball);
    await render(dance, ball);
  });
}

if (import.meta.main) Deno.exit(await runAlone("exec-render", main));
