/**
 * Installs what finishes at boot what was cut off.
 *
 * @module
 */
import { dirname } from "@std/path";
import { follow, Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import type { BootUnit } from "../init/mod.ts";
import { bytesOf } from "../posix/mod.ts";

/** Write and enable the units in the system at `root`; returns the paths that were written. */
export function installBootUnits(root: string, units: readonly BootUnit[]): string[] {
  const prefix = root === "/" ? "" : root;
  try {
    using tree = new Tree(root);
    for (const link of units.flatMap(({ stale }) => stale)) {
      if (tree.stat(link)?.type === "symlink") tree.remove(link);
    }
    return units.flatMap(({ name, path, text, links }) => {
      const real = `${makeFolder(tree, dirname(path))}/${name}`;
      tree.remove(`${real}.new`);
      tree.create(`${real}.new`, bytesOf(text), 0o644);
      tree.rename(`${real}.new`, real);
      for (const { path, target } of links) {
        const link = `${makeFolder(tree, dirname(path))}/${name}`;
        if (!tree.stat(link)) tree.symlink(target, link);
      }
      return [path, ...links.map(({ path }) => path)].map((written) => `${prefix}${written}`);
    });
  } catch (cause) {
    throw new DiscoError(`Cannot install "${prefix}${units[0]?.path}": ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Where a folder of the tree is, by links that can be trusted; what is missing is made. */
function makeFolder(tree: Tree, path: string): string {
  return path.split("/").slice(1).reduce((at, name) => {
    const next = `${at}/${name}`;
    if (!tree.stat(next)) tree.mkdir(next);
    return follow(tree, next).path;
  }, "");
}
