/**
 * Build `dist/disco`, one binary for the nodes.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { runCommand } from "../lib/command.ts";
import { parseOptions } from "../lib/context/mod.ts";
import { DiscoError, messageOf } from "../lib/error.ts";
import { run } from "../lib/run.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Build dist/disco, one binary for the nodes";

/** Words and own options. */
export const usage = `[options]

Needs denort, Deno's runtime for binaries: it is downloaded from Deno's site, or taken from
the file that DENORT_BIN names.`;

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  parseOptions(argv);
  const binary = join(PROJECT, "dist/disco");
  const words = ["compile", "--quiet", "-A", "--include", "universe", "--output", binary, "mod.ts"];
  try {
    await run([Deno.execPath(), ...words], { cwd: PROJECT, timeout: 600_000 });
  } catch (error) {
    throw new DiscoError(`Cannot build "${binary}": ${messageOf(error)}`, {
      hint:
        `deno compile needs denort ${Deno.version.deno} for ${Deno.build.target}, which it downloads ` +
        "from Deno's site; where that cannot be reached, get it elsewhere and name it in DENORT_BIN",
    });
  }
  info(`built ${binary}, with the embedded universe in it`);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("compile", { summary, usage, main }, Deno.args));
