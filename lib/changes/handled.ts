/**
 * What balls did to a file besides its content: whether it was ever written, and whether its
 * modification time was set.
 *
 * Overlayfs copies a file up as soon as it is opened for writing, with its times, into a new inode
 * (Documentation/filesystems/overlayfs.rst). A write gives the copy a time that is not before its
 * birth. touch(1) sets both times of a file to one moment, which neither a copy nor a write does.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";

/** One mention of a regular file in a layer. */
export interface Mention {
  readonly stat: Stat;
  /** It was copied from below, and was not moved. */
  readonly isCopy: boolean;
  /** It was copied from below another path. */
  readonly isMoved: boolean;
  /** Its content is that of below. */
  readonly isMetadata: boolean;
  /**
   * It was not moved, and nothing was put into its directory since it was born: to copy a file up leaves the directory's
   * time as it was, to make or rename one does not. So it is a copy, even if overlayfs does not say it.
   */
  readonly isInPlace: boolean;
}

/** What is known from all mentions so far. */
export interface Handled {
  /** Whether every mention is a copy that was opened, at most. `maybe`: in one tick of the clock. */
  readonly opened: "yes" | "maybe" | "no";
  /** Whether its time was set by purpose. `copied`: it was set, or is that of the file below. */
  readonly time: "set" | "copied" | "written";
  /**
   * As `opened`, of a live file with several names: overlayfs does not mark copies of these, so that a
   * new file of an old time looks like one.
   */
  readonly openedIfLinked: "yes" | "maybe" | "no";
  /** As `time`, of a live file with several names. */
  readonly timeIfLinked: Handled["time"];
}

/** Before the first mention. */
export const UNHANDLED: Handled = {
  opened: "yes",
  openedIfLinked: "yes",
  time: "copied",
  timeIfLinked: "copied",
};

/** What is known after one more mention; later layers come later. */
export function handle(before: Handled, mention: Mention): Handled {
  const { opened, openedIfLinked, time, timeIfLinked } = before;
  const { isCopy, isMoved, isInPlace } = mention;
  return {
    opened: isCopy ? openedAfter(opened, mention) : "no",
    openedIfLinked: isMoved ? "no" : openedAfter(openedIfLinked, mention),
    time: timeAfter(time, mention.stat, isCopy),
    timeIfLinked: timeAfter(timeIfLinked, mention.stat, isCopy || isInPlace),
  };
}

function openedAfter(opened: Handled["opened"], { stat, isMetadata }: Mention) {
  if (opened === "no") return "no";
  if (isMetadata) return opened;
  const { mtime, btime } = stat;
  if (btime === undefined || mtime > btime) return "no";
  return mtime === btime ? "maybe" : opened;
}

function timeAfter(time: Handled["time"], stat: Stat, isCopy: boolean): Handled["time"] {
  const { type, atime, mtime, btime, ctime } = stat;
  if (btime === undefined) return "written";
  if (mtime > ctime) return "set";
  // Nothing writes to a symbolic link, and to follow it sets its access time.
  const isLink = type === "symlink";
  if (!isCopy) return mtime < btime || (isLink && mtime > btime) ? "set" : "written";
  // Its own time is what a later layer finds: of a time before the copy's nothing is known.
  if (mtime < btime) return time;
  return isLink || atime === mtime ? "set" : "written";
}
