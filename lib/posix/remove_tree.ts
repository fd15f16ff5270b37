/**
 * The removal of whole trees.
 *
 * @module
 */
import { Descent } from "./descent.ts";
import { readdirOf, rmdir, unlink } from "./entries.ts";
import { O, open } from "./file.ts";
import { AT_FDCWD } from "./libc.ts";
import { E, SyscallError } from "./errno.ts";

/**
 * Remove a tree, if it is there, however deep it is. Links in it are not followed, and what is mounted
 * in it is not touched: that is an error.
 */
export function removeTree(path: string, dir = AT_FDCWD): void {
  if (isRemoved(path, dir)) return;
  {
    using descent = new Descent(open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0, dir));
    emptyDirectory(descent, path);
  }
  rmdir(path, dir);
}

/** Remove everything in the directory that the descent is in. */
export function emptyDirectory(descent: Descent, shown: string): void {
  const names = (): string[] => readdirOf(descent.fd, shown).map(({ name }) => name);
  const levels = [{ name: "", names: names() }];
  for (;;) {
    const level = levels.at(-1)!;
    const name = level.names.pop();
    if (name === undefined) {
      levels.pop();
      if (levels.length === 0) return;
      descent.leave();
      rmdir(level.name, descent.fd);
    } else if (!isRemoved(name, descent.fd)) {
      descent.enter(name);
      levels.push({ name, names: names() });
    }
  }
}

/** Whether nothing is there any more; false for a directory. */
function isRemoved(name: string, dir: number): boolean {
  try {
    unlink(name, dir);
    return true;
  } catch (error) {
    const code = error instanceof SyscallError ? error.errno : 0;
    if (code === E.NOENT) return true;
    // POSIX has EPERM for a directory, which Linux gives for an immutable file as well.
    if (code === E.ISDIR || code === E.PERM) return false;
    throw error;
  }
}
