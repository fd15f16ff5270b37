/**
 * Install the units that finish at boot what was cut off.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { requireRoot } from "../lib/dance/mod.ts";
import { bootUnits } from "../lib/init/mod.ts";
import { installBootUnits } from "../lib/merge/mod.ts";
import { keepRuntime } from "../lib/program/kept_runtime.ts";
import { recoveryCommand } from "../lib/program/self.ts";
import { info, print } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const { noop, root, roots } = await makeContext(options);
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

if (import.meta.main) Deno.exit(await runAlone("install", main));
