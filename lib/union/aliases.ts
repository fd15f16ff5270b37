/**
 * Where folders are seen once more: through other mounts of their file systems, such as a bind mount
 * of `/`. A path alone does not say what a folder is.
 *
 * @module
 */
import { type MountInfo, readMounts } from "../posix/mountinfo.ts";
import { closest, isBelow } from "./places.ts";

/** Paths, besides their own, that lead to the folders or into them. */
export function aliasesOf(
  folders: readonly string[],
  mounts: readonly MountInfo[] = readMounts(),
): string[] {
  const found = folders.flatMap((folder) => aliasesOfOne(folder, mounts));
  return [...new Set(found)].filter((path) => !folders.includes(path));
}

function aliasesOfOne(folder: string, mounts: readonly MountInfo[]): string[] {
  const holder = closest(folder, mounts);
  if (!holder) return [];
  const inside = joined(holder.rootInside, below(holder.path, folder));
  return mounts.filter((mount) => mount !== holder && mount.dev === holder.dev)
    .flatMap(({ path, rootInside }) => {
      if (isBelow(rootInside, inside)) return [joined(path, below(rootInside, inside))];
      // The mount shows a part of the folder.
      return isBelow(inside, rootInside) ? [path] : [];
    });
}

/** The rest of a path behind a folder that it lies in, with its slash; empty for the folder itself. */
function below(folder: string, path: string): string {
  return path.slice(folder === "/" ? 0 : folder.length).replace(/^\/$/, "");
}

function joined(folder: string, rest: string): string {
  return (folder === "/" ? "" : folder) + rest || "/";
}
