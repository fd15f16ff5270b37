/**
 * The lists of dpkg's database: which paths a package consists of.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { nameOf } from "../posix/mod.ts";

/** A list; its first group is the package, with its architecture where several can be installed. */
export const LISTS = /^\/var\/lib\/dpkg\/info\/([^/]+)\.list$/;
/** Bytes of one list. */
const LARGEST = 64 << 20;

/** The paths in a list, also as they are where /bin and its like are links; none without the list. */
export function pathsIn(tree: Tree, list: string): string[] {
  const bytes = tree.read(list, LARGEST);
  const lines = bytes ? nameOf(bytes).split("\n").filter((line) => line.startsWith("/")) : [];
  return lines.flatMap((path) =>
    /^\/(bin|sbin|lib\w*)\//.test(path) ? [path, `/usr${path}`] : path
  );
}
