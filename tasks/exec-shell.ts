/**
 * Open a shell in the union, to try things.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { danceShell } from "../lib/dance/mod.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import { guardsOf } from "./guard_options.ts";
import { printChanges, wantsSecrets } from "./show_result.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
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

if (import.meta.main) Deno.exit(await runAlone("exec-shell", main));
