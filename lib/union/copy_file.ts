/**
 * Files of the live root, copied to the base layer so that a user can change them in place.
 *
 * @module
 */
import { dirname } from "@std/path";
import { copyAttributes, createFile, lstat, readFile, SyscallError } from "../posix/mod.ts";
import type { Gaps } from "./gaps.ts";
import { standInFor } from "./stand_ins.ts";

/** Bytes of a file that is copied. */
const LARGEST = 1 << 20;

/** Where something is, and where its copy goes. */
export interface Original {
  readonly live: string;
  /** As seen from inside the root. */
  readonly path: string;
  readonly copy: string;
}

/** Copy a regular file, or a stand-in for it; false where there can be no copy. */
export function copyFile({ live, path, copy }: Original, gaps: Gaps): boolean {
  const stat = lstat(live);
  if (!stat || stat.size > LARGEST) return false;
  const own = readIfAllowed(live);
  const content = own ?? standInFor(path, stat.size, dirname(live));
  if (!content) gaps.note("cannot be read, nor be changed in place", path);
  else if (!own && stat.size > 0) gaps.note("cannot be read: stand-ins have no passwords", path);
  if (!content) return false;
  createFile(copy, content);
  copyAttributes(live, stat, copy);
  return true;
}

/** Whether this is about a right that root would have. */
export function isDenied(error: unknown): boolean {
  return error instanceof SyscallError && error.code === "EACCES";
}

function readIfAllowed(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFile(path);
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}
