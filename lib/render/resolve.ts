/**
 * The real place of a path inside a tree that is the root of a system, as chroot(2) would find it:
 * symlinks on the way are followed, absolute ones from the top of the tree, and none leads out of
 * it.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { lstat, readlink } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Links that are followed for one path: the limit of the kernel (path_resolution(7)). */
const MAX_LINKS = 40;

/** Why a path has no place; whoever asked says for what. */
export class PathError extends Error {
  override name = "PathError";
}

/**
 * Resolves many paths in one tree, and remembers directories: make one for each ball, because
 * scripts may change the tree in between. Paths inside are absolute; the tree's top is the empty
 * string.
 */
export class Inside {
  readonly #root: string;
  readonly #directories = new Map<string, string>([["", ""]]);

  /** @param root The directory that is the root of the tree; it is trusted. */
  constructor(root: string) {
    this.#root = root.replace(/\/+$/, "");
  }

  /** Where a resolved path inside the tree lies outside of it. */
  at(real: string): string {
    return this.#root + real || "/";
  }

  /** The real place of a path whose last component may be missing and is not followed. */
  resolve(path: string): string {
    const parts = componentsOf(path);
    const name = parts.pop();
    if (name === undefined) return "";
    if (name === "..") throw new PathError(`"${printable(path)}" ends with ".."`);
    return `${this.directory(parts.join("/"))}/${name}`;
  }

  /** The real place of a directory; the last component is followed too. */
  directory(path: string): string {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const real = this.#walk("", path, true);
    this.#directories.set(path, real);
    return real;
  }

  /** The real place of a file; the last component is followed too. */
  follow(path: string): string {
    return this.#walk("", path, false);
  }

  #walk(from: string, path: string, wantDirectory: boolean): string {
    const todo = componentsOf(path).reverse();
    let real = from;
    for (let links = 0; todo.length > 0;) {
      const name = todo.pop()!;
      if (name === "..") {
        real = parentOf(real);
        continue;
      }
      const next = `${real}/${name}`;
      const stat = lstat(this.at(next));
      if (stat === undefined) throw new PathError(`"${printable(next)}" does not exist`);
      if (stat.type === "symlink") {
        if (++links > MAX_LINKS) throw new PathError(`too many symlinks at "${printable(next)}"`);
        const target = readlink(this.at(next));
        if (target.startsWith("/")) real = "";
        todo.push(...componentsOf(target).reverse());
      } else {
        if (stat.type !== "directory" && (todo.length > 0 || wantDirectory)) {
          throw new PathError(`"${printable(next)}" is not a directory`);
        }
        real = next;
      }
    }
    return real;
  }
}

/**
 * The real place of a path inside the tree at `target`, as a path inside it: `/bin/x` gives
 * `/usr/bin/x` where `/bin` is a link. The last component may be missing and is not followed.
 * Throws a {@linkcode DiscoError} for loops, dangling links, and parents that are missing or files.
 */
export function resolveInside(target: string, path: string): string {
  try {
    return new Inside(target).resolve(path) || "/";
  } catch (cause) {
    if (!(cause instanceof PathError)) throw cause;
    throw new DiscoError(`Cannot resolve "${printable(path)}": ${cause.message}`, { cause });
  }
}

/** The directory that a resolved path lies in. */
export function parentOf(real: string): string {
  return real.slice(0, Math.max(0, real.lastIndexOf("/")));
}

function componentsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
