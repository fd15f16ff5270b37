/**
 * Open a shell in the union, to try things.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { danceShell } from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import {
  GUARD_FLAGS,
  GUARD_HELP,
  GUARD_LISTS,
  GUARD_VALUES,
  guardsOf,
  REMOVALS_HELP,
} from "./guard_options.ts";
import { printChanges, SHOW_SECRETS, SHOW_SECRETS_HELP, wantsSecrets } from "./show_result.ts";

/** One line on what this command does. */
export const summary = "Open a shell in the union, to try things";

/** Words and own options. */
export const usage = `[BALL...] [--merge] [options]
  --merge              ask at the end whether to merge the changes
  ${SHOW_SECRETS_HELP}
  ${GUARD_HELP}
  ${REMOVALS_HELP}

Applies the named balls of the plan first. On exit the changes are shown; without --merge they
are thrown away.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    flags: ["merge", SHOW_SECRETS, ...GUARD_FLAGS],
    values: GUARD_VALUES,
    lists: GUARD_LISTS,
    words: Infinity,
  });
  const showSecrets = wantsSecrets(options);
  const context = await makeContext(options);
  const result = await danceShell(context, {
    balls: options.words,
    showSecrets,
    guards: guardsOf(options),
    wantsMerge: async (changes) => {
      printChanges(changes, showSecrets);
      if (changes.length === 0 || !options.flags.has("merge")) return false;
      return await confirm("Merge these changes onto the live root?");
    },
  });
  report(...summaryLines(result));
  return result.ok ? 0 : 1;
}

if (import.meta.main) {
  Deno.exit(await runCommand("exec-shell", { summary, usage, main }, Deno.args));
}
