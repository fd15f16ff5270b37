/**
 * Build `dist/disco`, one binary for the nodes.
 *
 * @module
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { runRow } from "./alone.ts";
import type { CommandRow, Options } from "../lib/command_line/mod.ts";
import { DiscoError, messageOf } from "../lib/error/mod.ts";
import { run } from "../lib/process/run.ts";
import { V8_FLAGS } from "../lib/program/v8_flags.ts";
import { info } from "../lib/terminal/mod.ts";

/** How it is called. */
const ROW: CommandRow = {
  name: "compile",
  group: "ball",
  summary: "Build dist/disco, one binary for the nodes",
  options: [
    { name: "output", value: "FILE", help: "build FILE instead of dist/disco" },
  ],
  text:
    `Needs denort, Deno's runtime for binaries, of just this version of Deno: taken from the file
that DENORT_BIN names, else from Deno's cache, else downloaded from Deno's download site.`,
};

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const ENTRY = "tasks/disco.ts";
const DENORT = `denort ${Deno.version.deno} for ${Deno.build.target}`;
const HOW_TO_GET_IT = `get ${DENORT} from Deno's download site on a machine that can reach it, ` +
  "unpack it, and name the file in DENORT_BIN; or use deno task bundle, which needs no denort";

/** Build it, and see whether it runs. */
export async function main({ values }: Options): Promise<number> {
  const binary = resolve(values.get("output") ?? join(PROJECT, "dist/disco"));
  checkGiven(binary);
  const fresh = `${binary}.new`;
  const words = [
    ...["compile", "--quiet", "-A", V8_FLAGS, "--include", "universe"],
    ...["--output", fresh, ENTRY],
  ];
  try {
    await run([Deno.execPath(), ...words], {
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
      timeout: 600_000,
    });
  } catch (error) {
    throw explained(binary, messageOf(error));
  }
  await tryOut(binary, fresh);
  Deno.renameSync(fresh, binary);
  info(`built ${binary}, with the embedded universe in it`);
  return 0;
}

function checkGiven(binary: string): void {
  const given = Deno.env.get("DENORT_BIN");
  if (!given) return;
  try {
    if (Deno.statSync(given).isFile) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new DiscoError(
    `Cannot build "${binary}": DENORT_BIN names "${given}", which is not a file`,
    {
      hint: HOW_TO_GET_IT,
    },
  );
}

/** Without the stack trace that `deno compile` prints. */
function explained(binary: string, said: string): DiscoError {
  if (/denort|error sending request|dns error/i.test(said)) {
    return new DiscoError(
      `Cannot build "${binary}": ${DENORT} is not here, and cannot be downloaded`,
      { hint: HOW_TO_GET_IT },
    );
  }
  return new DiscoError(`Cannot build "${binary}": ${said.replace(/\s*Stack backtrace:.*/s, "")}`);
}

/** `deno compile` takes whatever DENORT_BIN names, and says that all is well. */
async function tryOut(binary: string, fresh: string): Promise<void> {
  let said: string;
  try {
    said = await run([fresh, "help"], { cwd: "/", timeout: 60_000 });
  } catch (error) {
    said = messageOf(error);
  }
  if (said.startsWith("usage: disco ")) return;
  Deno.removeSync(fresh);
  throw new DiscoError(`Cannot build "${binary}": what was built does not run`, {
    hint: `DENORT_BIN has to name ${DENORT}; deno itself, or another version, will not do`,
  });
}

if (import.meta.main) Deno.exit(await runRow(ROW, main));
