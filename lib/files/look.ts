/**
 * What is at a path; symlinks are not followed.
 *
 * @module
 */

/** Whether there is anything, also a dangling symlink. */
export function isThere(path: string): boolean {
  return lstat(path) !== undefined;
}

/** Whether there is a folder. */
export function isFolder(path: string): boolean {
  return lstat(path)?.isDirectory ?? false;
}

/** Whether there is a regular file; here a symlink is followed. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The names in a folder, sorted; none when there is no such folder. */
export function namesIn(path: string): string[] {
  if (!isFolder(path)) return [];
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}
