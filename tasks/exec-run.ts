/**
 * Run the scripts of a ball in the union.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { requireLayerOf, runBallStage, runScripts } from "../lib/dance/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  return await runBallStage(context, "exec-run", options.words, async (dance, ball) => {
    requireLayerOf(dance, ball);
    await runScripts(dance, ball);
    dance.progress.balls[ball.name] = { status: "ok", changes: 0, error: null };
  });
}

if (import.meta.main) Deno.exit(await runAlone("exec-run", main));
