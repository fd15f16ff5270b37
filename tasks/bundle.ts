/**
 * Build `dist/`: one file for a node that has Deno, and the embedded universe.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { runCommand } from "../lib/command.ts";
import { parseOptions } from "../lib/context/mod.ts";
import { run } from "../lib/run.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Build dist/disco.js, one file for a node that has Deno";

/** Words and own options. */
export const usage = `[options]

The embedded universe is copied to dist/universe. Take the folder dist to a node, and run
there: deno run -A dist/disco.js dance`;

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  parseOptions(argv);
  const dist = join(PROJECT, "dist");
  Deno.mkdirSync(dist, { recursive: true });
  const words = ["--quiet", "--minify", "--keep-names", "--platform", "deno"];
  await run([Deno.execPath(), "bundle", ...words, "--output", join(dist, "disco.js"), "mod.ts"], {
    cwd: PROJECT,
  });
  await run(["rsync", "-a", "--delete", join(PROJECT, "universe/"), join(dist, "universe/")]);
  info(`built ${join(dist, "disco.js")}, with the embedded universe beside it`);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand("bundle", { summary, usage, main }, Deno.args));
