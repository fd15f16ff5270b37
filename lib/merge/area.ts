/**
 * Areas: private folders that hold what is not live, one on each file system that is merged to,
 * because a rename cannot leave its file system.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import {
  chmod,
  createFile,
  lstat,
  mkdir,
  removeTree,
  rmdir,
  unlink,
  utimens,
} from "../posix/mod.ts";
import { SyscallError } from "../posix/mod.ts";

/** A place of the union that can be merged to. */
export interface MergePlace {
  /** Inside the root: `/`, `/boot`. */
  readonly path: string;
  /** Where it is mounted on the live system. */
  readonly live: string;
}

/** Where the slots for one place are. */
export interface Area {
  readonly place: string;
  readonly folder: string;
  /** A file on the same file system; what has changed since has this ctime (ns) or a later one. */
  readonly mark: string;
}

/**
 * Make the private folder of a transaction for each place, and mark the time there. The folder is
 * the generation's own where a rename can reach it, else `.disco/<id>` on the place's file system.
 */
export function makeAreas(places: readonly MergePlace[], generation: string): Area[] {
  return places.map((place) => {
    const isReachable = lstat(place.live)!.mount === lstat(generation)!.mount;
    const home = isReachable ? generation : ownFolder(place, basename(generation));
    const folder = `${home}/slots`;
    if (!lstat(folder)) mkdir(folder, 0o700);
    return { place: place.path, folder, mark: String(markTime(folder)) };
  });
}

/** Remove areas with everything in them. */
export function dropAreas(areas: readonly Area[]): void {
  for (const { folder } of areas) {
    removeTree(folder);
    const home = dirname(folder);
    if (basename(dirname(home)) !== ".disco") continue;
    removeIfEmpty(home);
    keepingTime(dirname(dirname(home)), () => removeIfEmpty(dirname(home)));
  }
}

function ownFolder({ live }: MergePlace, id: string): string {
  const shared = `${live === "/" ? "" : live}/.disco`;
  for (const folder of [shared, `${shared}/${id}`]) {
    const stat = lstat(folder);
    if (!stat) keepingTime(dirname(folder), () => mkdir(folder, 0o700));
    else if (stat.type !== "directory" || stat.uid !== 0) {
      throw new Error(`Cannot use "${folder}" as staging area: it is not a directory of root`);
    } else if (stat.mode !== 0o700) chmod(folder, 0o700);
  }
  return `${shared}/${id}`;
}

/** Change entries of a folder that is not ours, whose modification time shall not show it. */
export function keepingTime(folder: string, change: () => void): void {
  const stat = lstat(folder);
  change();
  if (stat) utimens(folder, stat.mtime);
}

function markTime(folder: string): bigint {
  const probe = `${folder}/mark`;
  if (lstat(probe)) unlink(probe);
  createFile(probe, new Uint8Array(), 0o600);
  const { ctime } = lstat(probe)!;
  unlink(probe);
  return ctime;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdir(folder);
  } catch (error) {
    if (!(error instanceof SyscallError && ["ENOTEMPTY", "ENOENT"].includes(error.code))) {
      throw error;
    }
  }
}

/** The area of the innermost place that a path lies in. */
export function areaOf(path: string, areas: readonly Area[]): Area {
  const holds = ({ place }: Area) =>
    place === "/" || path === place || path.startsWith(`${place}/`);
  return areas.filter(holds).toSorted((a, b) => b.place.length - a.place.length)[0]!;
}
