/**
 * The directories on which a union is mounted: what they are like, and what is seen there.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { copyAttributes, fstat, lstat, mkdir, rmdir, SyscallError } from "../posix/mod.ts";
import type { PlaceMounter } from "./place_mounter.ts";
import type { Place } from "./places.ts";

/**
 * Keep what the live directory of a place is like, as the directory `origin`; returns why that cannot
 * be seen, if it cannot. What is wrong with the root is thrown.
 */
export function keepOrigin(
  mounter: PlaceMounter,
  place: Place,
  origin: string,
  isRoot: boolean,
): string | undefined {
  if (place.isBare || lstat(origin)) return undefined;
  const source = mounter.source(place);
  // The mount itself finds out the same.
  if (typeof source === "string") return undefined;
  using live = source;
  mkdir(origin);
  try {
    copyAttributes(live.fd, fstat(live.fd), origin);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyscallError) || isRoot) throw error;
    rmdir(origin);
    return `it cannot be looked at (${error.code})`;
  }
}

/** The identity of the mount that is seen at a path; undefined where none can be seen. */
export function mountAt(tree: Tree, path: string): number | undefined {
  try {
    using spot = tree.spot(path);
    return spot.mount;
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
