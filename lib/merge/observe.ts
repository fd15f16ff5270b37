/**
 * What is noted of the live root before a union of it is mounted, so that it can be told later what
 * others have changed meanwhile. Nothing is written but a probe in a folder of DISCO's own.
 *
 * @module
 */
import type { Since } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { type MergePlace, rootAt } from "./area.ts";
import { bootTime } from "./conflict.ts";
import { isSince, timeMark } from "./mark.ts";
import { type Seen, watch } from "./watch.ts";

/** The live root as it was before the union was mounted. */
export interface Observation {
  /** Every place of the union that can be merged to. */
  readonly places: readonly MergePlace[];
  /** Nanoseconds, decimal; see `timeMark`. */
  readonly mark: string;
  /** Milliseconds since the epoch: when the machine was booted, as its clock said at the beginning. */
  readonly bootTime: number;
  /** What was seen at paths that were in conflict before. */
  readonly watched: Readonly<Record<string, Seen>>;
}

/** What is to be observed. */
export interface ObserveOptions {
  readonly places: readonly MergePlace[];
  /** Paths that are looked at. */
  readonly watched?: readonly string[];
}

/** Mark the time, by a probe in `folder`, and look at the paths that are to be watched. */
export async function observe(
  root: string,
  folder: string,
  { places, watched = [] }: ObserveOptions,
): Promise<Observation> {
  const mark = String(timeMark(folder));
  using live = new Tree(root);
  const seen = await watch(live, watched);
  const kept = places.map((place) => withRoot(place, live));
  return { places: kept, mark, bootTime: bootTime(), watched: seen };
}

function withRoot({ path, live }: MergePlace, tree: Tree): MergePlace {
  const root = rootAt(tree, path);
  return root === undefined ? { path, live } : { path, live, root };
}

/** What the observation says of files that are compared. */
export function sinceOf(
  { mark, watched }: Observation,
  isDelivered: (path: string) => boolean,
): Since {
  const begin = BigInt(mark);
  return {
    isChanged: ({ ctime }) => isSince(ctime, begin),
    isLater: (time) => time >= begin,
    seen: (path) => {
      const file = Object.hasOwn(watched, path) ? watched[path]!.file : undefined;
      return file && { size: file.size, mtime: BigInt(file.mtime) };
    },
    isDelivered,
  };
}
