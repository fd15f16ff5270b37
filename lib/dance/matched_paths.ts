/**
 * Paths of a tree that a pattern of the shell matches.
 *
 * @module
 */
import { globToRegExp } from "@std/path";
import type { Tree } from "../door/mod.ts";

/** Names of one folder that are looked at. */
const MOST_NAMES = 2000;
/** Folders that are looked at for one pattern. */
const MOST_FOLDERS = 200;

/** The paths that match, in no order; a path without wildcards is itself, if it is there. */
export function matchedPaths(tree: Tree, pattern: string): string[] {
  let found = [""];
  for (const part of pattern.split("/").filter(Boolean)) {
    if (!/[*?[]/.test(part)) found = found.map((path) => `${path}/${part}`);
    else {
      const matches = globToRegExp(part);
      found = found.slice(0, MOST_FOLDERS).flatMap((path) =>
        tree.stat(path || "/")?.type === "directory"
          ? tree.list(path || "/", MOST_NAMES)
            .filter(({ name }) => matches.test(name) && !(name.startsWith(".") && part[0] !== "."))
            .map(({ name }) => `${path}/${name}`)
          : []
      );
    }
  }
  return found.filter((path) => tree.stat(path) !== undefined);
}
