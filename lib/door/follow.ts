/**
 * Where a path of a tree leads, as chroot(2) into the tree would find it, with links that can be
 * trusted only. The rule is that of systemd-tmpfiles (`chase()` with `CHASE_SAFE`): a link of root's
 * is followed; a link of another account only if that account also owns the directory that holds the
 * link and what the link leads to. So no account can make root write to what is not its own. A
 * user who runs DISCO without root follows links of their own as well.
 *
 * @module
 */
import { machineView, type Stat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Tree } from "./tree.ts";

/** Links that are followed for one path: the limit of the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

/** A link that is not followed, where it leads, and whose both are, by number. */
export interface UnsafeLink {
  readonly path: string;
  readonly owner: number;
  readonly target: string;
  readonly targetOwner: number;
}

/** Why a path leads nowhere; the caller says for what it was needed. */
export class FollowError extends Error {
  override name = "FollowError";
  constructor(
    message: string,
    readonly kind: "missing" | "file" | "loop" | "outside" | "unsafe",
    /** Where `kind` is `unsafe`. */
    readonly link?: UnsafeLink,
  ) {
    super(message);
  }
}

/** What an error says of a link that is not followed; `nameOf` names an account. */
export function describeUnsafe(
  { path, owner, target, targetOwner }: UnsafeLink,
  nameOf: (uid: number) => string = String,
): string {
  return `"${printable(path)}" is a symlink of user ${nameOf(owner)} to "${printable(target)}" ` +
    `of user ${nameOf(targetOwner)}, and only root's links are followed to what others own`;
}

/** A path without a link on its way, and what is there. */
export interface Followed {
  /** Absolute inside the tree; the root is `/`. */
  readonly path: string;
  readonly stat: Stat;
}

/** How links are followed. */
export interface FollowOptions {
  /**
   * The tree is a part of another one, and no root: what an absolute link and `..` at its top lead
   * to is not in it, and an error.
   */
  readonly beneath?: boolean;
}

/**
 * Follow a path to its end, a link at the end included. Throws a {@linkcode FollowError} where
 * nothing is, where a file is on the way, for more than 40 links, and for a link that is not safe,
 * which it names with owner and target.
 */
export function follow(tree: Tree, path: string, options: FollowOptions = {}): Followed {
  return new Walk(tree, options).walk({ path: "/", stat: statOf(tree, "/") }, path);
}

class Walk {
  readonly #tree: Tree;
  readonly #isPart: boolean;
  #links = 0;

  constructor(tree: Tree, { beneath = false }: FollowOptions) {
    this.#tree = tree;
    this.#isPart = beneath;
  }

  walk(from: Followed, path: string): Followed {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    return parts.reduce((at, part) => this.#step(at, part), from);
  }

  #step(at: Followed, part: string): Followed {
    if (at.stat.type !== "directory") {
      throw new FollowError(`"${printable(at.path)}" is not a directory`, "file");
    }
    if (part === "..") {
      if (at.path === "/") this.#refuseOutside(at.path);
      return this.#look(parentOf(at.path));
    }
    const next = `${at.path === "/" ? "" : at.path}/${part}`;
    const seen = this.#look(next);
    return seen.stat.type === "symlink" ? this.#leap(at, seen) : seen;
  }

  #leap(holder: Followed, { path, stat }: Followed): Followed {
    if (++this.#links > MOST_LINKS) {
      throw new FollowError(`too many symlinks at "${printable(path)}"`, "loop");
    }
    // Owner and target of one inode: its name may belong to another link a moment later.
    using link = this.#tree.hold(path, stat);
    const text = link.readlink();
    if (text.startsWith("/")) this.#refuseOutside(path);
    const from = text.startsWith("/") ? this.#look("/") : holder;
    const target = this.walk(from, text);
    const owner = link.stat.uid;
    const isSafe = owner === 0 || !machineView().hasOwners || owner === Deno.uid() ||
      (owner === holder.stat.uid && owner === target.stat.uid);
    if (isSafe) return target;
    const unsafe = { path, owner, target: target.path, targetOwner: target.stat.uid };
    throw new FollowError(describeUnsafe(unsafe), "unsafe", unsafe);
  }

  #refuseOutside(path: string): void {
    if (!this.#isPart) return;
    throw new FollowError(`"${printable(path)}" leads out of the tree`, "outside");
  }

  #look(path: string): Followed {
    return { path, stat: statOf(this.#tree, path) };
  }
}

function statOf(tree: Tree, path: string): Stat {
  const stat = tree.stat(path);
  if (!stat) throw new FollowError(`"${printable(path)}" does not exist`, "missing");
  return stat;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
