/**
 * Everything that can be seen of one path, for comparing.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { getXattr, listXattr, lstat, readdir, readFile } from "../../lib/posix/mod.ts";
import { type FileType, readlink } from "../../lib/posix/mod.ts";

/** One path as it was. */
export interface Entry {
  readonly type: FileType;
  /** Octal. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Bytes; of directories it says nothing, and is 0. */
  readonly size: number;
  /** How many names the inode has; 1 for directories. */
  readonly nlink: number;
  readonly rdev: string;
  /** Of a symbolic link. */
  readonly target: string;
  /** SHA-256 of a regular file's content. */
  readonly content: string;
  /** `chattr +i` and `+a`. */
  readonly flags: string;
  /** `name=hex`, sorted. */
  readonly xattrs: string;
  /** Of a directory, sorted. */
  readonly names: readonly string[];
}

/** Read one path; undefined where nothing is. */
export function readEntry(path: string): Entry | undefined {
  const stat = lstat(path);
  if (!stat) return undefined;
  const { type } = stat;
  return {
    type,
    mode: stat.mode.toString(8).padStart(4, "0"),
    owner: `${stat.uid}:${stat.gid}`,
    mtime: stat.mtime,
    size: type === "directory" ? 0 : stat.size,
    nlink: type === "directory" ? 1 : stat.nlink,
    rdev: stat.rdev,
    target: type === "symlink" ? readlink(path) : "",
    content: type === "file" ? hash(readFile(path)) : "",
    flags: `${stat.immutable ? "i" : ""}${stat.appendOnly ? "a" : ""}`,
    xattrs: listXattr(path).map((name) => `${name}=${getXattr(path, name)?.toHex()}`).join(" "),
    names: type === "directory" ? readdir(path).map(({ name }) => name).sort() : [],
  };
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
