/**
 * The program of kernel.test.ts: mounts a scratchpad whose memory is of a given file system, and says
 * where it is and whether files there keep attributes of users.
 *
 * @module
 */
import { DiscoError } from "../../lib/error/mod.ts";
import { removeTree } from "../../lib/posix/mod.ts";
import { keepsUserAttributes } from "../../lib/union/kernel.ts";
import { mountScratch } from "../../lib/union/scratch.ts";
import { readInput, unmountBelow } from "./child.ts";

/** What is tried. */
export interface Wish {
  readonly memory: string;
  /** Whether there is a place for an image. */
  readonly hasDisk: boolean;
}

/** What came of it. */
export interface Outcome {
  readonly kind: string;
  readonly keeps: boolean;
  readonly failed: string;
}

if (import.meta.main) {
  const { memory, hasDisk } = await readInput<Wish>();
  const home = Deno.makeTempDirSync({ prefix: "disco-test-" });
  const folder = `${home}/scratch`;
  Deno.mkdirSync(folder);
  if (hasDisk) Deno.mkdirSync(`${home}/disk`);
  let outcome: Outcome;
  try {
    const image = `${home}/disk/image`;
    const kind = await mountScratch(folder, { kind: "memory", size: "8M", image }, memory);
    outcome = { kind, keeps: keepsUserAttributes(folder), failed: "" };
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    outcome = { kind: "", keeps: false, failed: `${error.message}; ${error.hint}` };
  }
  unmountBelow(home);
  removeTree(home);
  console.log(JSON.stringify(outcome));
}
