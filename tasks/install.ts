/**
 * Install the unit that finishes cut-off merges at boot.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { requireRoot } from "../lib/dance/mod.ts";
import { bootUnit, installBootUnit } from "../lib/merge/mod.ts";
import { selfCommand } from "../lib/self.ts";
import { info, print } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Install the boot unit that finishes cut-off merges";

/** Words and own options. */
export const usage = `[options]

Writes /etc/systemd/system/disco-recover.service and enables it; with --noop prints it.
Without the unit the next dance does the same.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const { noop, root, roots } = await makeContext(parseOptions(argv));
  const text = bootUnit(selfCommand("recover", "--quiet"), roots.var);
  if (noop) {
    print(text);
    return 0;
  }
  requireRoot("install the boot unit");
  for (const path of installBootUnit(root, text)) info(`wrote ${path}`);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("install", { summary, usage, main }, Deno.args));
