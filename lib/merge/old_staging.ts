/**
 * What the first version had staged for a merge that it did not come to commit: `PLACE/.disco/ID`, and
 * the times of the folders in which it had made a `.disco`.
 *
 * @module
 */
import { basename } from "@std/path";
import { isPrivate, type Tree } from "../door/mod.ts";
import { lstat, nameOf, readFile } from "../posix/mod.ts";
import { type MergePlace, SHARED } from "./area.ts";
import { dropAreas } from "./drop_area.ts";
import { joined } from "./staging.ts";

const TIMES = "times.json";

/** Remove what is provably such a folder, and nothing else. */
export function dropOldStaging(
  generation: string,
  places: readonly MergePlace[],
  live: Tree,
): void {
  const owner = basename(generation);
  for (const { path } of places) {
    const name = `${SHARED}/${owner}/slots`;
    const stat = live.stat(joined(path, name));
    if (!stat || !isPrivate(stat)) continue;
    dropAreas([{ place: path, owner, home: path, name, ino: null, handle: null }], live, "");
  }
  for (const [folder, time] of notedTimes(generation)) {
    const place = places.find((one) => one.live === folder)?.path;
    if (place === undefined || live.stat(place)?.type !== "directory") continue;
    using inode = live.hold(place);
    if (inode.stat.type === "directory") inode.utimens(BigInt(time));
  }
}

/** A note that a crash cut off was written before anything was made. */
function notedTimes(generation: string): [folder: string, time: string][] {
  const path = `${generation}/${TIMES}`;
  if (!lstat(path)) return [];
  try {
    return JSON.parse(nameOf(readFile(path)));
  } catch {
    return [];
  }
}
