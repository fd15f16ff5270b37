/**
 * What others did to the live root while balls ran, as far as it can be known.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";

/** A file as it was before the union was mounted. */
export interface Before {
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
}

/** Answers questions about a dance's time. */
export interface Since {
  /** Whether others may have changed a live file since the union was mounted. */
  isChanged(live: Stat): boolean;
  /** Whether a time (ns) is after the mounting of the union. */
  isLater(time: bigint): boolean;
  /** What was looked at before: paths that were in conflict in an earlier try. */
  seen(path: string): Before | undefined;
  /** Whether a ball delivers the path from its files or templates. */
  isDelivered(path: string): boolean;
}

/** Nothing happens meanwhile. */
export const NEVER: Since = {
  isChanged: () => false,
  isLater: () => false,
  seen: () => undefined,
  isDelivered: () => false,
};

/**
 * Whether a copy that has a time of before its birth is one of the live file, and not of something
 * older that a ball put in its place with the time of that (`cp -p`).
 */
export function isCopyOfLater(copy: Stat, { mtime, size }: Before): boolean {
  return copy.mtime > mtime || (copy.mtime === mtime && copy.size === size);
}
