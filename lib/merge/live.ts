/**
 * The live root, as the merge writes to it: every path is reached through directories that were
 * opened without following a symbolic link.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import {
  chmod,
  close,
  lchown,
  lstat,
  O,
  open,
  openBeneath,
  rename,
  type RenameMode,
  type Stat,
  utimens,
  writeXattrs,
} from "../posix/mod.ts";
import type { Attributes } from "./operation.ts";

/** A root that operations are applied to. Close it at the end. */
export class Live {
  readonly #root: number;
  readonly #prefix: string;
  #parent = { path: "", fd: -1 };

  constructor(root: string) {
    this.#prefix = root === "/" ? "" : root;
    this.#root = open(root, O.RDONLY | O.DIRECTORY);
  }

  /** Let go of the directories. */
  close(): void {
    this.#forgetParent();
    close(this.#root);
  }

  /** What is at a path of the root, or undefined. */
  stat(path: string): Stat | undefined {
    if (path === "/") return lstat(this.#prefix + "/");
    return lstat(basename(path), this.#open(dirname(path)));
  }

  /** Bring a slot to a path, or a path to a slot, or let them change places. */
  move(path: string, slot: string, direction: "in" | "out" | "swap"): void {
    const parent = this.#open(dirname(path));
    const name = basename(path);
    const slots = open(dirname(slot), O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
    try {
      const mode: RenameMode = direction === "swap" ? "exchange" : "noreplace";
      if (direction === "out") rename(name, basename(slot), mode, parent, slots);
      else rename(basename(slot), name, mode, slots, parent);
    } finally {
      close(slots);
    }
  }

  /** Set owner, mode and extended attributes in place. */
  setAttributes(path: string, wanted: Attributes): void {
    const parent = path === "/" ? this.#root : this.#open(dirname(path));
    const name = path === "/" ? "." : basename(path);
    const isLink = lstat(name, parent)?.type === "symlink";
    lchown(name, wanted.uid, wanted.gid, parent);
    if (!isLink) chmod(name, wanted.mode, parent);
    const decode = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const xattrs = Object.entries(wanted.xattrs).map(([key, value]) =>
      [key, decode(value)] as const
    );
    // No *at form of setxattr(2) is in every kernel: the opened parent is reached through /proc.
    writeXattrs(`/proc/thread-self/fd/${parent}/${name}`, new Map(xattrs));
  }

  /** Set a directory's modification time back. */
  setTime(path: string, mtime: bigint): void {
    if (path === "/") utimens(".", mtime, this.#root);
    else utimens(basename(path), mtime, this.#open(dirname(path)));
  }

  #open(folder: string): number {
    if (folder === this.#parent.path) return this.#parent.fd;
    this.#forgetParent();
    const fd = openBeneath(this.#root, folder.slice(1));
    this.#parent = { path: folder, fd };
    return fd;
  }

  #forgetParent(): void {
    if (this.#parent.fd >= 0) close(this.#parent.fd);
    this.#parent = { path: "", fd: -1 };
  }
}
