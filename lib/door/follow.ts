/**
 * Where a path of a tree leads, as chroot(2) into the tree would find it, with links that can be
 * trusted only. The rule is that of systemd-tmpfiles (`chase()` with `CHASE_SAFE`): a link of root's
 * is followed; a link of another account only if that account also owns the directory that holds the
 * link and what the link leads to. So nobody can lead root's hands to what is not theirs.
 *
 * @module
 */
import { isRootless, type Stat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Tree } from "./tree.ts";

/** Links that are followed for one path: the limit of the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

/** Why a path leads nowhere; the caller says for what it was needed. */
export class FollowError extends Error {
  override name = "FollowError";
}

/** A path without a link on its way, and what is there. */
export interface Followed {
  /** Absolute inside the tree; the root is `/`. */
  readonly path: string;
  readonly stat: Stat;
}

/**
 * Follow a path to its end, a link at the end included. Throws a {@linkcode FollowError} where
 * nothing is, where a file is on the way, for more than 40 links, and for a link that is not safe,
 * which it names with owner and target.
 */
export function follow(tree: Tree, path: string): Followed {
  return new Walk(tree).walk({ path: "/", stat: statOf(tree, "/") }, path);
}

class Walk {
  readonly #tree: Tree;
  #links = 0;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  walk(from: Followed, path: string): Followed {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    return parts.reduce((at, part) => this.#step(at, part), from);
  }

  #step(at: Followed, part: string): Followed {
    if (at.stat.type !== "directory") {
      throw new FollowError(`"${printable(at.path)}" is not a directory`);
    }
    if (part === "..") return this.#look(parentOf(at.path));
    const next = `${at.path === "/" ? "" : at.path}/${part}`;
    const seen = this.#look(next);
    return seen.stat.type === "symlink" ? this.#leap(at, next) : seen;
  }

  #leap(holder: Followed, path: string): Followed {
    if (++this.#links > MOST_LINKS) {
      throw new FollowError(`too many symlinks at "${printable(path)}"`);
    }
    // Owner and target of one inode: its name may belong to another link a moment later.
    using link = this.#tree.hold(path);
    const text = link.readlink();
    const from = text.startsWith("/") ? this.#look("/") : holder;
    const target = this.walk(from, text);
    const owner = link.stat.uid;
    const isSafe = owner === 0 || isRootless() ||
      (owner === holder.stat.uid && owner === target.stat.uid);
    if (isSafe) return target;
    throw new FollowError(
      `"${printable(path)}" is a symlink of user ${owner} to "${printable(target.path)}" ` +
        `of user ${target.stat.uid}, and only root's links are followed to what others own`,
    );
  }

  #look(path: string): Followed {
    return { path, stat: statOf(this.#tree, path) };
  }
}

function statOf(tree: Tree, path: string): Stat {
  const stat = tree.stat(path);
  if (!stat) throw new FollowError(`"${printable(path)}" does not exist`);
  return stat;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
