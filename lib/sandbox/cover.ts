/**
 * Folders of the host shown in the sandbox as copies of themselves: an overlay has inodes of its own,
 * so that a lock, a lease or a watch in the sandbox is not felt by the host (fcntl(2), flock(2)).
 *
 * @module
 */
import { machineView, mount, MS, rmdir, SyscallError, unmount } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** What is covered in a union: the folder of the host, by where it is shown. */
const covers = new WeakMap<Union, Map<string, string>>();

/** The folders of the host behind what is shown in a folder, as `[folder, path below it]`. */
export function coveredIn(union: Union, shown: string): [folder: string, path: string][] {
  return [...covers.get(union) ?? []].filter(([at]) => at.startsWith(`${shown}/`))
    .map(([at, folder]) => [folder, at.slice(shown.length)]);
}

/**
 * Mount a folder at another, in the namespace of the union. Mounts below it are not shown. Where its
 * file system cannot be overlaid it is the folder itself, which is shown read-only.
 *
 * @param name What the folder is called in the host, if it is given by a descriptor's path.
 */
export function cover(union: Union, folder: string, at: string, name = folder): void {
  if (!covers.has(union)) covers.set(union, new Map());
  covers.get(union)!.set(at, name);
  const flags = MS.RDONLY | MS.NOSUID | MS.NODEV;
  const features = machineView().overlaysAsRoot ? "index=off" : "userxattr";
  const lowers = [union.folder("empty"), folder].map(escaped).join(":");
  try {
    mount("disco-cover", at, "overlay", flags, `lowerdir=${lowers},${features}`);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    mount(folder, at, "", MS.BIND | (machineView().partsMounts ? 0 : MS.REC));
  }
}

/** Take away what {@linkcode cover} has mounted at a folder, and the folder. */
export function uncover(union: Union, at: string): void {
  unmount(at, true);
  rmdir(at);
  covers.get(union)?.delete(at);
}

/** Colons end a layer, commas an option, and the backslash escapes both. */
function escaped(path: string): string {
  return path.replaceAll(/[\\:,]/g, (c) => `\\${c}`);
}
