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
  type Stat,
  SyscallError,
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

  /** What is at a path of the root; undefined also where no directories without links lead there. */
  stat(path: string): Stat | undefined {
    if (path === "/") return lstat(this.#prefix + "/");
    try {
      return lstat(basename(path), this.#open(dirname(path)));
    } catch (error) {
      const code = error instanceof SyscallError ? error.code : "";
      if (["ENOENT", "ENOTDIR", "ELOOP"].includes(code)) return undefined;
      throw error;
    }
  }

  /** Bring a slot to a path, or a path to a slot, or let them change places. */
  move(path: string, slot: string, direction: "in" | "out" | "swap"): void {
    const slots = open(dirname(slot), O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
    const [a, b] = [{ dir: this.#open(dirname(path)), name: basename(path) }, {
      dir: slots,
      name: basename(slot),
    }];
    try {
      if (direction === "swap") exchange(a, b);
      else if (direction === "out") moveTo(a, b);
      else moveTo(b, a);
    } finally {
      close(slots);
    }
  }

  /** Whether a swap without an exchange in one step was cut off between its steps. */
  isHalfSwapped(path: string, slot: string): boolean {
    return !this.stat(path) && lstat(slot + ASIDE) !== undefined;
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

/** A name in an open directory. */
interface Name {
  readonly dir: number;
  readonly name: string;
}

/** Where what is live lies while it is swapped in more than one step. */
const ASIDE = ".aside";

function exchange(a: Name, b: Name): void {
  const aside = { dir: b.dir, name: b.name + ASIDE };
  if (lstat(aside.name, aside.dir)) return exchangeInSteps(a, b, aside);
  try {
    rename(b.name, a.name, "exchange", b.dir, a.dir);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    moveTo(a, aside);
    exchangeInSteps(a, b, aside);
  }
}

/** The rest of a swap: what was live is aside already. */
function exchangeInSteps(a: Name, b: Name, aside: Name): void {
  if (!lstat(a.name, a.dir)) moveTo(b, a);
  moveTo(aside, b);
}

function moveTo(from: Name, to: Name): void {
  try {
    rename(from.name, to.name, "noreplace", from.dir, to.dir);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    if (lstat(to.name, to.dir)) throw new SyscallError("rename", 17, "File exists", to.name);
    rename(from.name, to.name, "replace", from.dir, to.dir);
  }
}

/** File systems without the flags of renameat2(2) answer so. */
function isUnsupported(error: unknown): boolean {
  return error instanceof SyscallError && ["EINVAL", "ENOSYS", "EOPNOTSUPP"].includes(error.code);
}
