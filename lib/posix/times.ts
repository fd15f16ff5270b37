/**
 * Times of files, to the nanosecond.
 *
 * @module
 */
import { AT_FDCWD, check, libc } from "./libc.ts";
import { atPath } from "./long_path.ts";
import { cString } from "./names.ts";

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const EMPTY = cString("");

/** Set the modification time (nanoseconds since the epoch); the access time stays. */
export function utimens(path: string, mtime: bigint, dir = AT_FDCWD): void {
  const times = mtimeOnly(mtime);
  check(
    atPath(path, dir, (d, p) => libc.utimensat(d, p, times, AT_SYMLINK_NOFOLLOW)),
    "set the time of",
    path,
  );
}

/** The same for what a descriptor of any kind is open on, `O.PATH` also (utimensat(2), Linux 5.8). */
export function futimens(fd: number, mtime: bigint, shown: string): void {
  const result = libc.utimensat(fd, EMPTY, mtimeOnly(mtime), AT_EMPTY_PATH);
  check(result, "set the time of", shown);
}

/** Set the access time to now, of what a descriptor of any kind is open on; the others stay. */
export function touchAccess(fd: number, shown: string): void {
  const times = new BigInt64Array([0n, UTIME_NOW, 0n, UTIME_OMIT]);
  const result = libc.utimensat(fd, EMPTY, new Uint8Array(times.buffer), AT_EMPTY_PATH);
  check(result, "set the access time of", shown);
}

/** In place of nanoseconds: the time of the clock, and no change (utimensat(2)). */
const UTIME_NOW = 0x3fffffffn;
const UTIME_OMIT = 0x3ffffffen;

/** struct timespec[2] that leaves the access time. */
function mtimeOnly(mtime: bigint): Uint8Array<ArrayBuffer> {
  const times = new BigInt64Array([0n, UTIME_OMIT, mtime / 1_000_000_000n, mtime % 1_000_000_000n]);
  if (times[3]! < 0n) {
    times[2]! -= 1n;
    times[3]! += 1_000_000_000n;
  }
  return new Uint8Array(times.buffer);
}
