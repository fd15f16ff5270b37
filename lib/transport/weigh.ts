/**
 * Trees that a server has filled: how much is in them, and how they go away. Names in them are the
 * server's, so everything is reached by the descriptor of the directory that holds it, and no link
 * is followed.
 *
 * @module
 */
import { lstat, O, open, readdir, SyscallError, withFile } from "../posix/mod.ts";
import { runSync } from "../process/run_sync.ts";
import { weightOf } from "./budget.ts";

/** How deep a tree may be: far more than a system has, less than a process has descriptors. */
export const DEEPEST = 128;

/** What is in a tree. */
export interface Weight {
  files: number;
  bytes: number;
  /** It goes deeper than {@linkcode DEEPEST}. */
  tooDeep: boolean;
}

/**
 * Weigh the tree below an open directory, which may be changing meanwhile; stops as soon as
 * `isEnough`.
 */
export function weigh(
  dir: number,
  isEnough: (weight: Weight) => boolean,
  weight: Weight = { files: 0, bytes: 0, tooDeep: false },
  depth = 1,
): Weight {
  for (const { name } of readdir(".", dir)) {
    const stat = lstat(name, dir);
    if (!stat) continue;
    weight.files++;
    weight.bytes += weightOf(stat.size);
    if (isEnough(weight)) return weight;
    if (stat.type !== "directory") continue;
    if (depth === DEEPEST) {
      weight.tooDeep = true;
      return weight;
    }
    enter(dir, name, (fd) => weigh(fd, isEnough, weight, depth + 1));
    if (weight.tooDeep || isEnough(weight)) return weight;
  }
  return weight;
}

/** What cannot be entered is weighed again when nothing changes it any more. */
function enter(dir: number, name: string, action: (fd: number) => void): void {
  try {
    withFile(open(name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0, dir), action);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
}

/** Remove a tree, however deep: rm(1) climbs with descriptors, and needs few. */
export function removeWhole(path: string): void {
  const options = { env: { LC_ALL: "C" }, stdout: "null" } as const;
  const { code, stderr } = runSync(["rm", "-rf", "--one-file-system", "--", path], options);
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr).trim());
}
