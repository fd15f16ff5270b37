/**
 * The time mark of a transaction: what has changed since may have changed while the balls ran.
 *
 * @module
 */
import { changeClock, createFile, lstat, unlink } from "../posix/mod.ts";

/** Nanoseconds; file systems that count in coarser steps than this count in whole seconds. */
const STEP = 10_000_000n;
const SECOND = 1_000_000_000n;

/**
 * The time now, as file systems stamp changes (ns). The clock of the kernel is what local ones take;
 * DISCO's own folder is asked, too, because it may lie on one with a clock of its own.
 */
export function timeMark(folder: string): bigint {
  const clock = changeClock();
  const probe = `${folder}/mark`;
  if (lstat(probe)) unlink(probe);
  createFile(probe, new Uint8Array(), 0o600);
  const ctime = lstat(probe)?.ctime ?? clock;
  unlink(probe);
  const mark = ctime < clock ? ctime : clock;
  return mark - mark % STEP;
}

/**
 * Whether a change time (ns) says that something may have changed since the mark. A time in whole
 * seconds may be cut off, to two seconds on FAT.
 */
export function isSince(ctime: bigint, mark: bigint): boolean {
  return ctime >= mark || (ctime % SECOND === 0n && ctime >= mark - 2n * SECOND);
}
