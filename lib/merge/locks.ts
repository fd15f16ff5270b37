/**
 * Locks of other programs, held while their databases are merged.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { close, O, tryRecordLock } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

interface Database {
  readonly owner: string;
  /** Paths that belong to it. */
  readonly holds: RegExp;
  readonly locks: readonly string[];
}

/** Who locks what with fcntl(2): dpkg(1), rpm(8), lckpwdf(3). */
const DATABASES: readonly Database[] = [
  {
    owner: "dpkg or apt",
    holds: /^\/var\/lib\/dpkg(\/|$)/,
    locks: ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"],
  },
  {
    owner: "rpm",
    holds: /^\/(var\/lib|usr\/lib\/sysimage)\/rpm(\/|$)/,
    locks: ["/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"],
  },
  {
    owner: "useradd or its like",
    holds: /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/,
    locks: ["/etc/.pwd.lock"],
  },
];

/** Locks that are held until they are disposed. */
export class DatabaseLocks implements Disposable {
  readonly #fds: number[] = [];

  /** Take the locks of every database that the changes touch; throws if another process holds one. */
  constructor(live: Tree, changes: readonly Change[]) {
    try {
      for (const { owner, holds, locks } of DATABASES) {
        const touched = changes.find(({ path }) => holds.test(path));
        if (!touched) continue;
        for (const path of locks) this.#take(live, path, owner, touched.path);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Let go. */
  [Symbol.dispose](): void {
    this.#fds.splice(0).forEach(close);
  }

  #take(live: Tree, path: string, owner: string, touched: string): void {
    const seen = live.stat(path);
    if (seen?.type !== "file") return;
    using inode = live.hold(path, seen);
    const fd = inode.reopen(O.RDWR);
    this.#fds.push(fd);
    if (tryRecordLock(fd, path)) return;
    throw new DiscoError(
      `Cannot merge "${printable(touched)}": ${owner} is at work, "${path}" is locked`,
      {
        hint: "wait until it has ended, then dance again; nothing has been changed",
      },
    );
  }
}
