/**
 * Files of the tree that facts are about.
 *
 * @module
 */
import { lstat, readFile } from "../posix/mod.ts";

/**
 * The text of a file in the tree at `root`, or undefined. In another tree than `/` a symlink is not
 * followed: it could lead to this machine's own file.
 */
export function readText(root: string, path: string): string | undefined {
  const file = `${root.replace(/\/+$/, "")}/${path}`;
  if (root !== "/") {
    return lstat(file)?.type === "file" ? new TextDecoder().decode(readFile(file)) : undefined;
  }
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
