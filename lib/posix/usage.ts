/**
 * What DISCO itself has used, and what a file system has left.
 *
 * @module
 */
import { check, libc } from "./libc.ts";
import { cString } from "./names.ts";

/** Resources of this process so far (getrusage(2)). */
export interface Usage {
  /** Seconds. */
  readonly user: number;
  /** Seconds. */
  readonly sys: number;
  /** KiB, the most there ever was. */
  readonly maxRss: number;
  readonly majorFaults: number;
  readonly minorFaults: number;
  readonly blocksIn: number;
  readonly blocksOut: number;
}

/** Resources that this process has used so far. */
export function usage(): Usage {
  const raw = new BigInt64Array(18);
  check(libc.getrusage(0, new Uint8Array(raw.buffer)), "get the usage of", "self");
  const at = (i: number) => Number(raw[i]);
  return {
    user: at(0) + at(1) / 1e6,
    sys: at(2) + at(3) / 1e6,
    maxRss: at(4),
    minorFaults: at(8),
    majorFaults: at(9),
    blocksIn: at(11),
    blocksOut: at(12),
  };
}

/** Bytes in memory from which on it is worth the 10 ms to look for some to give back. */
const MUCH = 100 << 20;

/** Give memory back to the system that this process does not use any more (malloc_trim(3)). */
export function releaseMemory(): void {
  if (Deno.memoryUsage().rss > MUCH) libc.malloc_trim(0n);
}

/** The type of btrfs, as statfs(2) numbers it (linux/magic.h). */
export const BTRFS = 0x9123_683e;

/** Space of a file system. */
export interface Space {
  /** Bytes that root may still use. */
  readonly free: number;
  /** Inodes that may still be made; Infinity where the file system does not count them. */
  readonly freeInodes: number;
  /** The mount or the file system is read-only. */
  readonly isReadonly: boolean;
  /** Its type, as statfs(2) numbers them. */
  readonly type: number;
}

/** What is left on the file system of a path. */
export function space(path: string): Space {
  // struct statfs on 64 bits: type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize,
  // flags, of which the first is ST_RDONLY.
  const raw = new BigUint64Array(16);
  check(libc.statfs(cString(path), new Uint8Array(raw.buffer)), "get the space of", path);
  const at = (i: number) => Number(raw[i]);
  return {
    free: at(1) * at(4),
    freeInodes: at(5) === 0 ? Infinity : at(6),
    type: at(0),
    isReadonly: (at(10) & 1) !== 0,
  };
}
