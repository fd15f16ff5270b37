/**
 * DISCO with a mistake in it, as a copy in the host.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { ThrowawayHost } from "../host/mod.ts";

/** In a file, this text (which is there once) becomes that. */
export interface Mistake {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));
const COPY = "/run/test/mutant";

/** Copy the project into the host, with mistakes; the words that start the copy. */
export async function copyWith(
  host: ThrowawayHost,
  mistakes: readonly Mistake[],
): Promise<string[]> {
  const parts = ["lib", "tasks", "universe", "mod.ts", "deno.json", "deno.lock"];
  await host.run(["mkdir", "-p", COPY]);
  await host.run(["cp", "-a", ...parts.map((name) => join(PROJECT, name)), COPY]);
  for (const { file, from, to } of mistakes) {
    const path = `${COPY}/${file}`;
    const text = host.read(path);
    if (text.split(from).length !== 2) throw new Error(`Cannot find once in ${file}: ${from}`);
    host.write(path, text.replace(from, () => to));
  }
  return [Deno.execPath(), "run", "-A", "--no-check", `${COPY}/mod.ts`];
}
