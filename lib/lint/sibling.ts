/**
 * The balls of the universe that a ball lies in.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { Tree } from "../door/mod.ts";
import { SyscallError } from "../posix/mod.ts";

/** The folder of another ball beside a ball's. */
export function siblingOf(dir: string, name: string): string {
  return join(dirname(dir), name);
}

/** Whether there is a folder, and no link to one. */
export function isFolder(dir: string): boolean {
  try {
    using parent = new Tree(dirname(dir));
    return parent.stat(dir.slice(dirname(dir).length))?.type === "directory";
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
