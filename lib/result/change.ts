/**
 * What a change is: one path that differs between the live root and the union.
 *
 * @module
 */

/** What a path is. */
export type EntryType = "file" | "directory" | "symlink" | "fifo" | "socket" | "block" | "char";

/** A path on one side of a change; what does not apply to its type is left out. */
export interface Entry {
  /** What it is. */
  type: EntryType;
  /** The permission bits as four octal digits, such as `0644`. */
  mode: string;
  /** Owner, as a number; -1 where a dry run without root cannot tell. */
  uid: number;
  /** Group, as a number; -1 where a dry run without root cannot tell. */
  gid: number;
  /** Names on the side that the entry is from; null where no account has the number. */
  owner: string | null;
  /** The group's name on the side that the entry is from; null without one. */
  group: string | null;
  /** Bytes; files only. */
  size?: number;
  /** UTC with nine digits after the second, see `lib/changes/mtime.ts`. */
  mtime: string;
  /** Where a symlink points to. */
  target?: string;
  /** `major:minor` of a device node. */
  rdev?: string;
  /**
   * SHA-256 of a file's content, hexadecimal, as sha256sum(1) prints it; left out where the path is
   * secret, or the file larger than 4 GiB ({@linkcode Change.tooLarge}).
   */
  sha256?: string;
  /** Extended attributes, ACLs and labels among them: name to value in base64. */
  xattrs: Record<string, string>;
}

/** What happened to a path; `replaced` is a change of type. */
export type ChangeKind = "created" | "modified" | "deleted" | "replaced" | "attributes";

/** One changed path. */
export interface Change {
  /** Absolute; bytes that are not UTF-8 as in `lib/posix`. */
  path: string;
  /** What happened. */
  kind: ChangeKind;
  /** The balls that made it, in the order of the plan. */
  balls: string[];
  /** What is live before; null if it is created. */
  before: Entry | null;
  /** What is live afterwards; null if it is deleted. */
  after: Entry | null;
  /** A unified diff of text, or null where there is none to show. */
  diff: string | null;
  /** How many lines of the diff were left out at its end, because it is too long. */
  diffCut?: number;
  /** The modification time was set on purpose, as by touch(1), and is merged. */
  touched?: boolean;
  /** Nothing of the content may be shown. */
  secret: boolean;
  /** What was there before may not be read: the content may be the same, and sizes are left out. */
  unread?: boolean;
  /** The content is not text, or is too long for a diff. */
  binary?: boolean;
  /** A side has more than 4 GiB, its holes counted, and no hash: only its size is known. */
  tooLarge?: boolean;
  /** The package that brings it or takes it away, by dpkg's database. */
  package?: string;
  /** The machine may not start, be reached or let its people in without it: see `lib/guards`. */
  critical?: boolean;
  /** How many paths lay under a directory that is deleted or replaced. */
  contained?: number;
}
