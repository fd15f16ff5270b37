/**
 * A union as it was at one moment: what is changed later can be compared with it.
 *
 * @module
 */
import { PlaceMounter } from "./place_mounter.ts";
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
  using mounter = new PlaceMounter(scratch, union.root, mountpoint);
  union.places.forEach((place, i) => {
    const lowers = union.lowersOf(i);
    if (place.shown === "absent") return;
    const isOverlay = place.kind === "union" && lowers.length > 0;
    mounter.mount(place, isOverlay ? { lowers, top: null } : null);
  });
  return { mountpoint, last };
}
