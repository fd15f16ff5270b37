/**
 * What follows an undone dance: its effects again, so that services see their old files.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { carryOut, commandLine } from "../effects/mod.ts";
import { DiscoError } from "../error.ts";
import { type EffectResult, loadResult } from "../report/mod.ts";
import { environmentOf } from "../sandbox/mod.ts";
import { error, info } from "../terminal/mod.ts";
import { DEFAULT_TIMEOUT } from "./sandbox_options.ts";

/** Carry out the effects of a dance again, as far as they were carried out; true if all went well. */
export async function repeatEffects(context: Context, dance: string): Promise<boolean> {
  if (context.root !== "/") return true;
  let isWell = true;
  for (const { ball, script, argv, cwd = "/", input, environment } of effectsOf(context, dance)) {
    if (input !== undefined || environment !== undefined) {
      isWell = false;
      error(
        `Effect of ball "${ball}" is not repeated, its input is not kept: ${commandLine(argv)}`,
      );
      continue;
    }
    info(`effect of ${ball}, again: ${commandLine(argv)}`);
    const outcome = await carryOut({ ball, script, argv, cwd }, {
      env: environmentOf({ node: context.node, dance, ball, script, noop: false }),
      timeout: context.settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1) * 1000,
      onLine: (line) => info(`${ball}: ${line}`),
      folder: context.roots.run,
    });
    if (outcome.ok) continue;
    isWell = false;
    error(`Effect of ball "${ball}" failed: ${commandLine(argv)} ${outcome.error}`);
  }
  return isWell;
}

function effectsOf(context: Context, dance: string): EffectResult[] {
  try {
    return loadResult(context.roots, dance).effects
      .filter(({ script, status }) =>
        !script.startsWith("post/") && (status === "done" || status === "failed")
      );
  } catch (e) {
    // Whoever pruned the dance's record does without.
    if (e instanceof DiscoError) return [];
    throw e;
  }
}
