/**
 * Where a path of a ball really is in the tree that is configured: links on the way are followed as
 * inside a chroot, by the rules of `lib/door/follow.ts`.
 *
 * @module
 */
import { follow, type Tree } from "../door/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Why nothing can be done at a path; the caller says what was to be done. */
export class PathError extends Error {
  override name = "PathError";
}

/**
 * Resolves many paths in one tree, and remembers directories: make one for each ball, because
 * scripts may change the tree in between. Paths inside are absolute; the tree's top is the empty
 * string. Throws a `FollowError`, or a {@linkcode PathError}.
 */
export class Inside {
  readonly #tree: Tree;
  readonly #directories = new Map<string, string>([["", ""]]);

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** The real place of a path whose last component may be missing and is not followed. */
  resolve(path: string): string {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    const name = parts.pop();
    if (name === undefined) return "";
    if (name === "..") throw new PathError(`"${printable(path)}" ends with ".."`);
    return `${this.directory(parts.join("/"))}/${name}`;
  }

  /** The real place of a directory; the last component is followed, too. */
  directory(path: string): string {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const { path: place, stat } = follow(this.#tree, path);
    if (stat.type !== "directory") throw new PathError(`"${printable(place)}" is not a directory`);
    const real = place === "/" ? "" : place;
    this.#directories.set(path, real);
    return real;
  }
}

/** The directory that a resolved path lies in. */
export function parentOf(real: string): string {
  return real.slice(0, Math.max(0, real.lastIndexOf("/")));
}
