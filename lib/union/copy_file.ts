/**
 * Files and links of the live root, copied to the base layer so that a user can change them in place.
 *
 * @module
 */
import { dirname } from "@std/path";
import { ChangedError, type Tree } from "../door/mod.ts";
import { copyAttributes, createFile, E, type Stat, symlink, SyscallError } from "../posix/mod.ts";
import type { Gaps } from "./gaps.ts";
import { standInFor } from "./stand_ins.ts";

/** Bytes of a file that is copied. */
const LARGEST = 1 << 20;

/** Where something is, and where its copy goes. */
export interface Original {
  /** As seen from inside the root. */
  readonly path: string;
  readonly copy: string;
}

/** Copy a regular file, or a stand-in for it; false where there can be no copy. */
export function copyFile(live: Tree, { path, copy }: Original, gaps: Gaps): boolean {
  const stat = live.stat(path);
  if (stat?.type !== "file" || stat.size > LARGEST) return false;
  const own = readIfAllowed(live, path);
  const content = own ?? standInFor(live, path, stat.size, dirname(path));
  if (!content) gaps.note("cannot be read, nor be changed in place", path);
  else if (!own && stat.size > 0) gaps.note("cannot be read: stand-ins have no passwords", path);
  if (!content) return false;
  createFile(copy, content);
  copyLook(live, path, stat, copy);
  return true;
}

/** Copy a symbolic link. */
export function copyLink(live: Tree, { path, copy }: Original): void {
  const stat = live.stat(path);
  if (stat?.type !== "symlink") return;
  symlink(live.readlink(path), copy);
  copyLook(live, path, stat, copy);
}

/** Whether this is about a right that root would have. */
export function isDenied(error: unknown): boolean {
  return error instanceof SyscallError && error.errno === E.ACCES;
}

function readIfAllowed(live: Tree, path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return live.read(path, LARGEST);
  } catch (error) {
    if (isDenied(error) || error instanceof ChangedError) return undefined;
    throw error;
  }
}

/** Without root there are no attributes but mode and time. */
function copyLook(live: Tree, path: string, stat: Stat, copy: string): void {
  using inode = live.hold(path, stat);
  copyAttributes(inode.fd, stat, copy);
}
