/**
 * Areas: private folders that hold what is not live, one on each file system that is merged to,
 * because a rename cannot leave its file system.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import {
  bytesOf,
  chmod,
  createFile,
  lstat,
  mkdir,
  nameOf,
  readFile,
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

/** In a generation's folder: where a `.disco` was made, and the time of that folder before. */
const TIMES = "times.json";

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
  const { mount } = lstat(generation)!;
  const isReachable = ({ live }: MergePlace) => lstat(live)!.mount === mount;
  noteTimes(places.filter((place) => !isReachable(place)), generation);
  return places.map((place) => {
    const home = isReachable(place) ? generation : ownFolder(place, basename(generation));
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
  const shared = sharedFolder(live);
  for (const folder of [shared, `${shared}/${id}`]) {
    const stat = lstat(folder);
    if (!stat) keepingTime(dirname(folder), () => mkdir(folder, 0o700));
    else if (stat.type !== "directory" || stat.uid !== 0) {
      throw new Error(`Cannot use "${folder}" as staging area: it is not a directory of root`);
    } else if (stat.mode !== 0o700) chmod(folder, 0o700);
  }
  return `${shared}/${id}`;
}

/** A crash can come between the making of `.disco` and the restoring of its folder's time. */
function noteTimes(places: readonly MergePlace[], generation: string): void {
  const times = places.map(({ live }) => live).filter((live) => !lstat(sharedFolder(live)))
    .map((live) => [live, String(lstat(live)!.mtime)]);
  if (times.length === 0) return;
  createFile(`${generation}/${TIMES}`, bytesOf(JSON.stringify(times)), 0o600);
}

/** Restore the times of folders in which a merge that was not committed made a `.disco`. */
export function restoreNotedTimes(generation: string): void {
  const path = `${generation}/${TIMES}`;
  if (!lstat(path)) return;
  for (const [folder, time] of parseTimes(nameOf(readFile(path)))) {
    if (lstat(folder)) utimens(folder, BigInt(time));
  }
}

/** A note that a crash cut off was written before anything was made. */
function parseTimes(text: string): [folder: string, time: string][] {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

/** Where DISCO's folders are on a file system that its state is not on. */
export function sharedFolder(live: string): string {
  return `${live === "/" ? "" : live}/.disco`;
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
