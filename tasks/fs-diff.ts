/**
 * Show what the balls in the union have changed.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import {
  diff,
  keep,
  listEffects,
  runStage,
  treatOrphans,
  warnOfRefusal,
} from "../lib/dance/mod.ts";
import {
  printChanges,
  printResult,
  SHOW_FLAGS,
  SHOW_HELP,
  SHOW_SECRETS,
  SHOW_SECRETS_HELP,
  SHOW_VALUES,
  shownOf,
  wantsSecrets,
} from "./show_result.ts";

/** One line on what this command does. */
export const summary = "Show what the balls in the union have changed";

/** Words and own options. */
export const usage = `[options]
  ${SHOW_SECRETS_HELP}
  ${SHOW_HELP}`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    flags: [SHOW_SECRETS, ...SHOW_FLAGS],
    values: SHOW_VALUES,
  });
  const shown = shownOf(options);
  const showSecrets = wantsSecrets(options);
  const context = await makeContext(options);
  return await runStage(context, { stage: "fs-diff", after: "fs-mount" }, async (dance) => {
    await treatOrphans(dance);
    const { changes } = await diff(dance, showSecrets);
    listEffects(dance);
    warnOfRefusal(dance);
    const result = await keep(dance);
    if (context.json) printResult(result);
    else printChanges(changes, showSecrets, shown);
    return 0;
  });
}

if (import.meta.main) Deno.exit(await runCommand("fs-diff", { summary, usage, main }, Deno.args));
