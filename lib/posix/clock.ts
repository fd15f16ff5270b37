/**
 * The clock that file systems stamp changes with.
 *
 * @module
 */
import { check, libc } from "./libc.ts";

const CLOCK_REALTIME_COARSE = 5;

/**
 * The time (nanoseconds since the epoch) that a local file system gives to an inode which is changed
 * now, at the earliest: `current_time()` in the kernel takes this clock, and since Linux 6.13 a finer
 * one that is never behind it (Documentation/filesystems/multigrain-ts.rst). The file system may cut
 * it off to what it can store.
 */
export function changeClock(): bigint {
  const time = new BigInt64Array(2);
  check(
    libc.clock_gettime(CLOCK_REALTIME_COARSE, new Uint8Array(time.buffer)),
    "read the clock",
    "CLOCK_REALTIME_COARSE",
  );
  return time[0]! * 1_000_000_000n + time[1]!;
}
