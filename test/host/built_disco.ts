/**
 * The program `disco` that test hosts run: a bundle of the sources as they are now, because it starts
 * in a third of the time, and tests start it some thousand times.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { stateOfSources } from "../../lib/program/built.ts";
import { messageOf } from "../../lib/error/mod.ts";
import { run } from "../../lib/process/run.ts";
import { V8_FLAGS } from "../../lib/program/v8_flags.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");
/** Not part of the repository. */
const FOLDER = `${PROJECT}/dist-test`;

let known: Promise<string> | undefined;

/**
 * The main module, built if there is none of these sources. With `DISCO_TEST_SOURCES=1` it is that of
 * the sources themselves, whose stack traces can be read.
 */
export function builtDisco(): Promise<string> {
  return known ??= Deno.env.get("DISCO_TEST_SOURCES") === "1"
    ? Promise.resolve(`${PROJECT}/mod.ts`)
    : build();
}

async function build(): Promise<string> {
  const place = `${FOLDER}/${await stateHash()}`;
  const main = `${place}/disco.js`;
  if (isThere(main)) return main;
  Deno.mkdirSync(FOLDER, { recursive: true });
  const fresh = Deno.makeTempDirSync({ dir: FOLDER, prefix: ".new-" });
  const disco = [Deno.execPath(), "run", "-A", V8_FLAGS];
  try {
    await run([...disco, `${PROJECT}/tasks/bundle.ts`, "--output", fresh]);
    Deno.chmodSync(fresh, 0o755);
    Deno.renameSync(fresh, place);
    // Deno keeps what it has compiled in its cache, which hosts can read and not write.
    for (const word of ["dance", "check", "status"]) await run([...disco, main, word, "--help"]);
    removeOld();
  } catch (error) {
    Deno.removeSync(fresh, { recursive: true });
    // Another process of tests may have built the same.
    if (!isThere(main)) throw new Error(`Cannot build disco for the tests: ${messageOf(error)}`);
  }
  return main;
}

/** Others may run tests of other sources beside these, but not for a day. */
function removeOld(): void {
  const DAY_MS = 86_400_000;
  for (const { name } of Deno.readDirSync(FOLDER)) {
    const path = `${FOLDER}/${name}`;
    const { mtime } = Deno.lstatSync(path);
    if (mtime && Date.now() - mtime.getTime() > DAY_MS) Deno.removeSync(path, { recursive: true });
  }
}

/** A hash of the names, sizes and times of all sources. */
async function stateHash(): Promise<string> {
  const text = new TextEncoder().encode(stateOfSources(PROJECT));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex().slice(0, 16);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
