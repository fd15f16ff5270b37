/**
 * Folders that other machines or programs have to answer for.
 *
 * @module
 */
import { isBelow, isRemote } from "../union/mod.ts";
import { readMounts } from "../posix/mod.ts";

/**
 * Whether a folder is, or holds, a part of a file system of other machines or programs: they may not
 * answer, and a system call cannot be stopped.
 */
export function isAway(folder: string): boolean {
  return readMounts().some(({ path, type }) =>
    isRemote(type) && (isBelow(path, folder) || isBelow(folder, path))
  );
}
