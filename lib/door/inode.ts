/**
 * One inode of a tree, held by a descriptor (mostly open(2), O_PATH): whatever becomes of its name,
 * what is done is done to it.
 *
 * @module
 */
import {
  close,
  fchmod,
  fchown,
  fstat,
  futimens,
  link,
  O,
  open,
  readlink,
  readXattrs,
  type Stat,
  SyscallError,
  touchAccess,
  writeXattrs,
} from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** A path holds another inode than the one that was looked at. */
export class ChangedError extends Error {
  override name = "ChangedError";
  constructor(readonly path: string) {
    super(`"${printable(path)}" was replaced by another process at the same time`);
  }
}

/** Whether two looks saw the same inode. */
export function sameInode(
  a: Pick<Stat, "dev" | "ino" | "type">,
  b: Pick<Stat, "dev" | "ino" | "type">,
): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.type === b.type;
}

/** A held inode. Errors name the path that it was found at. */
export class Inode implements Disposable {
  /** As it was when it was opened. */
  readonly stat: Stat;

  /**
   * @param fd A descriptor, which belongs to this object from now on.
   * @param isOpen Whether it can be read or written, and is no `O_PATH` one.
   */
  constructor(readonly fd: number, readonly path: string, private readonly isOpen = false) {
    this.stat = fstat(fd);
  }

  /**
   * A path that leads to this inode and nowhere else, for calls that take no descriptor, such as
   * mount(2). Only a call that follows links reaches it (proc_pid_fd(5)).
   */
  get link(): string {
    return `/proc/thread-self/fd/${this.fd}`;
  }

  /** Set the permission bits; a symbolic link has none. */
  chmod(mode: number): void {
    fchmod(this.fd, mode, this.path, this.isOpen);
  }

  /** Set owner and group. This clears setuid and setgid bits: set the mode afterwards. */
  chown(uid: number, gid: number): void {
    fchown(this.fd, uid, gid, this.path);
  }

  /** Set the modification time, in nanoseconds since the epoch. */
  utimens(mtime: bigint): void {
    futimens(this.fd, mtime, this.path);
  }

  /** Set the access time to now. On an overlay this copies a file up and changes nothing else. */
  touchAccess(): void {
    touchAccess(this.fd, this.path);
  }

  /** The extended attributes that are not overlayfs' own. */
  xattrs(): Map<string, Uint8Array<ArrayBuffer>> {
    return named(this.path, () => readXattrs(this.fd));
  }

  /** Make the extended attributes these, but for overlayfs' own. */
  writeXattrs(wanted: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
    named(this.path, () => writeXattrs(this.fd, wanted));
  }

  /** The target of a symbolic link. */
  readlink(): string {
    return named(this.path, () => readlink("", this.fd));
  }

  /** Give it another name, in an open directory (linkat(2)). */
  linkTo(name: string, dir: number): void {
    link(this.link, name, undefined, dir, true);
  }

  /** Open a regular file or directory for its content. The caller closes the descriptor. */
  reopen(flags: number = O.RDONLY): number {
    return named(this.path, () => open(this.link, flags | O.NONBLOCK));
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}

/** Tell of a failure with the whole path, of which the call got a part. */
export function named<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw error instanceof SyscallError ? error.of(path) : error;
  }
}
