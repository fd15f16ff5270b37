/**
 * Mounts in the way of what is delivered.
 *
 * @module
 */
import { type Tree, walk } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { parentOf, PathError } from "./resolve.ts";

/** What is replaced may hold this much; each level takes a descriptor while it is removed. */
const MOST = { entries: 1_000_000, levels: 500 };

/** Throw where something is mounted. */
export function refuseMount(tree: Tree, real: string, live: Stat): void {
  if (tree.stat(parentOf(real))?.mount !== live.mount) throw new PathError("it is a mount point");
}

/** Throw where something is mounted below a directory. */
export function refuseInnerMounts(tree: Tree, real: string, live: Stat): void {
  for (const { stat } of walk(tree, real, MOST)) {
    if (stat.mount !== live.mount) throw new PathError("it holds a mount point");
  }
}
