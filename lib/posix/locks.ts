/**
 * Locks of files.
 *
 * @module
 */
import { E } from "./errno.ts";
import { errno, fail, libc } from "./libc.ts";

/** Take an exclusive lock at once; false if another process holds it. It ends with the descriptor. */
export function tryLock(fd: number, path: string): boolean {
  const LOCK_EX_NB = 2 | 4;
  if (libc.flock(fd, LOCK_EX_NB) === 0) return true;
  if (errno() === E.AGAIN) return false;
  fail("lock", path);
}

/**
 * Take a record lock on a whole file (fcntl(2), F_SETLK), as dpkg and lckpwdf(3) do; false if
 * another process holds one. It ends when any descriptor of the file is closed.
 */
export function tryRecordLock(fd: number, path: string): boolean {
  const F_SETLK = 6;
  const F_WRLCK = 1;
  const lock = new Uint8Array(32);
  new DataView(lock.buffer).setInt16(0, F_WRLCK, true);
  if (libc.fcntl(fd, F_SETLK, lock) === 0) return true;
  if ([E.AGAIN, E.ACCES].some((number) => number === errno())) return false;
  fail("lock", path);
}
