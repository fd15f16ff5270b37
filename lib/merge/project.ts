/**
 * Projects, by which XFS and ext4 count what is used below a directory (xfs_quota(8), project quota).
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { projectOf, withFile } from "../posix/mod.ts";

/**
 * The project that a directory hands down to what is made in it, where nothing of another project can
 * be renamed into it (EXDEV); undefined where there is none.
 */
export function closedProject(live: Tree, folder: string): number | undefined {
  using inode = live.hold(folder);
  const { id, isInherited } = withFile(inode.reopen(), projectOf);
  return isInherited ? id : undefined;
}
