/**
 * One side of a change.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import { ownerOf } from "./owner.ts";
import type { Side } from "./side.ts";
import type { Entry } from "../result/change.ts";
import { formatMtime } from "./mtime.ts";

/** Describe what is at a path; the content's hash is added by the caller. */
export function entryOf(side: Side, path: string, stat: Stat): Entry {
  const { tree, accounts } = side;
  return {
    type: stat.type,
    mode: stat.mode.toString(8).padStart(4, "0"),
    ...ownerOf(stat, accounts),
    ...(stat.type === "file" ? { size: stat.size } : {}),
    mtime: formatMtime(stat.mtime),
    ...(stat.type === "symlink" ? { target: tree.readlink(path) } : {}),
    ...(stat.type === "char" || stat.type === "block" ? { rdev: stat.rdev } : {}),
    xattrs: Object.fromEntries(
      [...tree.xattrs(path)].map(([name, value]) => [name, base64(value)]),
    ),
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
