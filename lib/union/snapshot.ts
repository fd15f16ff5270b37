/**
 * A union as it was at one moment: what is changed later can be compared with it.
 *
 * @module
 */
import { MS } from "../posix/mod.ts";
import { mountOverlay, mountReadonly } from "./overlay.ts";
import type { Union } from "./union.ts";

/** What a union showed, mounted beside it. */
export interface Snapshot {
  /** The folder in which it is mounted, read-only. */
  readonly mountpoint: string;
  /** The number of the last layer that it shows. */
  readonly last: number;
}

/**
 * Mount what the union shows now, and let what comes be written to new layers. It is made of the
 * same layers and not of the union, because overlayfs stacks two deep only, and the live root may
 * be an overlay itself. It goes with the union, and there can be one.
 */
export function takeSnapshot(union: Union): Snapshot {
  const last = union.settle();
  const { scratch } = union.state;
  const mountpoint = union.folder("snapshot");
  union.places.forEach((place, i) => {
    const at = place.path === "/" ? mountpoint : mountpoint + place.path;
    const lowers = union.lowersOf(i);
    // overlayfs does not lay a single folder over nothing.
    if (place.isBare && lowers.length === 1) {
      return mountReadonly(scratch, { ...place, live: `${scratch}/${lowers[0]}` }, at);
    }
    if (place.kind !== "union" || lowers.length === 0) return mountReadonly(scratch, place, at);
    const parts = { lowers, live: place.isBare ? null : place.live, top: null };
    mountOverlay(scratch, at, place.flags | MS.RDONLY, parts);
  });
  return { mountpoint, last };
}
