/**
 * Build `dist/`: DISCO without its sources, for a node that has Deno, and the embedded universe.
 *
 * @module
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { BUILT_FROM, builtMain, stateOfSources } from "../lib/program/built.ts";
import { runRow } from "./alone.ts";
import type { CommandRow, Options } from "../lib/command_line/mod.ts";
import { DiscoError, messageOf } from "../lib/error/mod.ts";
import { run, RunError } from "../lib/process/run.ts";
import { V8_FLAGS } from "../lib/program/v8_flags.ts";
import { info } from "../lib/terminal/mod.ts";

/** How it is called. */
const ROW: CommandRow = {
  name: "bundle",
  group: "ball",
  summary: "Build dist/ for a node that has Deno",
  options: [
    { name: "output", value: "DIR", help: "build in DIR instead of dist/" },
    {
      name: "if-changed",
      help: "build only if dist/ is not built from the sources as they are",
    },
  ],
  text:
    `Take the folder to a node, all of it, and run there: deno run -A ${V8_FLAGS} dist/disco.js dance`,
};

const PROJECT = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");
// In pieces that are loaded when they are needed: half the start of one file that holds all. Not
// minified: the minifier takes a `using` variable that is read once for an ordinary one, and puts its
// value there, so that nothing is disposed of.
const BUNDLE = ["--quiet", "--platform", "deno", "--code-splitting"];
const ENTRY = "tasks/disco.ts";
const DAY_MS = 86_400_000;
/** Commands that load, together, nearly all there is. */
const WARMED = ["dance", "check", "status", "rollback"];

/** Build; what was there before is replaced only when all is well. */
export async function main({ values, flags }: Options): Promise<number> {
  if (flags.has("if-changed") && builtMain(PROJECT) !== undefined) return 0;
  const dist = resolve(values.get("output") ?? join(PROJECT, "dist"));
  const state = stateOfSources(PROJECT);
  Deno.mkdirSync(dist, { recursive: true });
  const fresh = Deno.makeTempDirSync({ dir: dist, prefix: ".new-" });
  try {
    await run([Deno.execPath(), "bundle", ...BUNDLE, "--outdir", fresh, ENTRY], {
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
    });
    replaceScripts(fresh, dist);
    await run(["rsync", "-a", "--delete", `${PROJECT}/universe/`, `${dist}/universe/`]);
    Deno.writeTextFileSync(join(dist, BUILT_FROM), state);
  } catch (error) {
    throw new DiscoError(`Cannot build "${dist}": ${messageOf(error)}`, { cause: error });
  } finally {
    Deno.removeSync(fresh, { recursive: true });
  }
  await warmCache(join(dist, "disco.js"));
  info(`built ${join(dist, "disco.js")}, with the embedded universe beside it`);
  return 0;
}

/** Deno keeps in its cache what it finds out about scripts: then the first command need not wait. */
async function warmCache(main: string): Promise<void> {
  for (const word of WARMED) {
    try {
      await run([Deno.execPath(), "run", "-A", V8_FLAGS, main, word, "--help"]);
    } catch (error) {
      // Whoever runs it later is told.
      if (!(error instanceof RunError)) throw error;
    }
  }
}

/**
 * The pieces have the hash of their content in their names. Old ones stay for a day, because a dance
 * that is running loads pieces when it needs them.
 */
function replaceScripts(fresh: string, dist: string): void {
  removeIfThere(join(dist, BUILT_FROM));
  for (const { name } of [...Deno.readDirSync(fresh)]) {
    Deno.renameSync(join(fresh, name), join(dist, name));
  }
  const isOld = (path: string) =>
    Date.now() - (Deno.lstatSync(path).mtime?.getTime() ?? 0) > DAY_MS;
  const scripts = [...Deno.readDirSync(dist)].filter(({ name }) => name.endsWith(".js"));
  for (const { name } of scripts) if (isOld(join(dist, name))) Deno.removeSync(join(dist, name));
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) Deno.exit(await runRow(ROW, main));
