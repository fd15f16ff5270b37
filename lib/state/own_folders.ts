/**
 * `--root` and `--state`, where they may lie below a user's directory.
 *
 * @module
 */
import { resolve } from "@std/path";
import { follow, FollowError, followToWrite, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { machineView, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { type Roots, rootsFor } from "./roots.ts";

/**
 * The folder that `--root` names, without a link on the way. Throws a {@linkcode DiscoError} with code
 * 3 where there is none, and for a link that cannot be trusted.
 */
export function realRoot(given: string): string {
  const root = resolve(given);
  if (root === "/") return root;
  return refusing(`use root "${root}"`, () => {
    using tree = new Tree("/");
    const { path, stat } = follow(tree, root);
    if (stat.type !== "directory") throw new FollowError("it is not a directory", "file");
    return path;
  });
}

/**
 * DISCO's own folders for a state directory, or inside another root than `/`: without a link on the
 * way, those that lie inside of a root as found from there. What is missing is made later. Throws a
 * {@linkcode DiscoError} with code 3 for a link that cannot be trusted, and for a folder that is
 * another user's: what is in it would be that user's choice.
 */
export function realRoots(state: string | undefined, root: string): Roots {
  const roots = rootsFor(state, root);
  if (!state && root === "/") return roots;
  const base = state ? "/" : root;
  return refusing(`use "${state ? resolve(state) : root}" for DISCO's own files`, () => {
    using tree = new Tree(base);
    const prefix = base === "/" ? "" : base;
    const real = ([name, path]: [string, string]) =>
      [name, prefix + ownFolder(tree, path.slice(prefix.length))] as const;
    return Object.fromEntries(Object.entries(roots).map(real)) as unknown as Roots;
  });
}

/** A folder of DISCO's own, as it is there already or will be made. */
function ownFolder(tree: Tree, path: string): string {
  const found = followAsFar(tree, path);
  const stat = tree.stat(found);
  const user = Deno.uid();
  if (stat && stat.uid !== user && stat.uid !== 0 && machineView().hasOwners) {
    throw new FollowError(`"${printable(found)}" belongs to user ${stat.uid}`, "file");
  }
  return found;
}

/** Folders that are missing are new ones, and no links. */
function followAsFar(tree: Tree, path: string): string {
  try {
    return followToWrite(tree, path);
  } catch (error) {
    if (!(error instanceof FollowError && error.kind === "missing")) throw error;
    const cut = path.lastIndexOf("/");
    const above = followAsFar(tree, path.slice(0, cut));
    // A link that leads nowhere is there, and missing as well.
    if (tree.stat(above)) throw error;
    return above + path.slice(cut);
  }
}

function refusing<T>(what: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof FollowError || error instanceof SyscallError)) throw error;
    throw new DiscoError(`Cannot ${what}: ${error.message}`, { code: 3, cause: error });
  }
}
