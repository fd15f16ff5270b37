/**
 * Build `dist/`: DISCO without its sources, for a node that has Deno, and the embedded universe.
 *
 * @module
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { runCommand } from "../lib/command.ts";
import { parseOptions } from "../lib/context/mod.ts";
import { DiscoError, messageOf } from "../lib/error.ts";
import { run } from "../lib/run.ts";
import { info } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Build dist/ for a node that has Deno";

/** Words and own options. */
export const usage = `[options]
  --output DIR   build in DIR instead of dist/

Take the folder to a node, all of it, and run there: deno run -A dist/disco.js dance`;

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
// In pieces that are loaded when they are needed: half the start of one file that holds all. Not
// minified: the minifier takes a `using` variable that is read once for an ordinary one, and puts its
// value there, so that nothing is disposed of.
const BUNDLE = ["--platform", "deno", "--code-splitting"];

/** Build; what was there before is replaced only when all is well. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseOptions(argv, { values: ["output"] });
  const dist = resolve(values.get("output") ?? join(PROJECT, "dist"));
  Deno.mkdirSync(dist, { recursive: true });
  const fresh = Deno.makeTempDirSync({ dir: dist, prefix: ".new-" });
  try {
    await run([Deno.execPath(), "bundle", "--quiet", ...BUNDLE, "--outdir", fresh, "mod.ts"], {
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
    });
    replaceScripts(fresh, dist);
    await run(["rsync", "-a", "--delete", join(PROJECT, "universe/"), join(dist, "universe/")]);
  } catch (error) {
    throw new DiscoError(`Cannot build "${dist}": ${messageOf(error)}`, { cause: error });
  } finally {
    Deno.removeSync(fresh, { recursive: true });
  }
  info(`built ${join(dist, "disco.js")}, with the embedded universe beside it`);
  return 0;
}

/** The pieces have the hash of their content in their names: old ones would pile up. */
function replaceScripts(fresh: string, dist: string): void {
  const pieces = [...Deno.readDirSync(fresh)].map(({ name }) => name);
  const old = [...Deno.readDirSync(dist)].filter(({ name }) => name.endsWith(".js"));
  for (const { name } of old) Deno.removeSync(join(dist, name));
  for (const name of pieces) {
    Deno.renameSync(join(fresh, name), join(dist, name === "mod.js" ? "disco.js" : name));
  }
}

if (import.meta.main) Deno.exit(await runCommand("bundle", { summary, usage, main }, Deno.args));
