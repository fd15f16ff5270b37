/**
 * Install the units that finish at boot what was cut off.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions } from "../lib/context/mod.ts";
import { requireRoot } from "../lib/dance/mod.ts";
import { bootUnits, installBootUnits } from "../lib/merge/mod.ts";
import { keepRuntime } from "../lib/kept_runtime.ts";
import { recoveryCommand } from "../lib/self.ts";
import { info, print } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Install the boot units that finish what was cut off";

/** Words and own options. */
export const usage = `[options]

Copies Deno with its loader and libraries to DISCO's own folder (100 MB), so that recovery starts even
when a merge was cut off in the middle of replacing them: run it again after an update of Deno.

Writes units below /etc/systemd/system and enables them; with --noop prints them:
disco-recover.service finishes merges and undoes unconfirmed ones as soon as the root file system can
be written, disco-recover-others.service does so for other file systems, and disco-due.service carries
out effects once the machine is up. They begin nothing where nothing is due. Without them the next
dance does the same.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const { noop, root, roots } = await makeContext(parseOptions(argv));
  const units = () =>
    bootUnits({ argv: recoveryCommand(roots.var, "recover", "--quiet"), state: roots.var });
  if (noop) {
    print(units().map(({ name, text }) => `# ${name}\n${text}`).join("\n"));
    return 0;
  }
  requireRoot("install the boot units");
  const copy = root === "/" ? await keepRuntime(roots.var) : undefined;
  if (copy) info(`copied Deno, its loader and libraries to ${copy}`);
  for (const path of installBootUnits(root, units())) info(`wrote ${path}`);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("install", { summary, usage, main }, Deno.args));
