/**
 * Builds the program that runs inside the host, with or without a mistake in it.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { run } from "../../lib/process/run.ts";
import type { Mutant } from "./mutants.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** One file of JavaScript. */
export async function build(mutant?: Mutant): Promise<Uint8Array<ArrayBuffer>> {
  const folder = Deno.makeTempDirSync({ prefix: "disco-faults-" });
  try {
    const parts = ["lib", "test", "deno.json", "deno.lock"].map((name) => join(PROJECT, name));
    await run(["cp", "-a", ...parts, folder]);
    if (mutant) spoil(join(folder, mutant.file), mutant);
    const [source, target] = [join(folder, "test/faults/inside.ts"), join(folder, "inside.js")];
    const options = ["--quiet", "--platform", "deno", "--output", target];
    await run([Deno.execPath(), "bundle", ...options, source], { cwd: folder });
    return Deno.readFileSync(target);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function spoil(path: string, { from, to }: Mutant): void {
  const text = Deno.readTextFileSync(path);
  if (text.split(from).length !== 2) throw new Error(`Cannot find once in ${path}: ${from}`);
  Deno.writeTextFileSync(path, text.replace(from, () => to));
}
