/**
 * Whether there is room for what is staged.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import type { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { innermost, type MergePlace } from "./area.ts";
import { leftByQuota } from "./quota.ts";

/** What the check needs to know. */
export interface SpaceTask {
  readonly live: Tree;
  readonly union: Tree;
  readonly places: readonly MergePlace[];
  readonly difference: Pick<Difference, "changes">;
}

/** Files up to this size (bytes) are taken as they say; a larger one may have holes. */
const SMALL = 1 << 16;
const BLOCK = 4096;

/** Throw where the copies do not fit. What is copied takes the blocks it has, not its length. */
export async function checkSpace({ difference, union, places, live }: SpaceTask): Promise<void> {
  const needs = new Map<MergePlace, { bytes: number; files: number }>();
  for (const change of difference.changes) {
    const { after, kind, path } = change;
    const place = innermost(path, places, (one) => one.path);
    if (!after || kind === "attributes" || !place) continue;
    const need = needs.get(place) ?? { bytes: 0, files: 0 };
    needs.set(place, { bytes: need.bytes + blocksOf(change, union), files: need.files + 1 });
  }
  for (const [place, { bytes, files }] of needs) {
    using root = live.below(place.path);
    const { free: room, freeInodes } = root.space();
    const left = await leftByQuota(root);
    const free = Math.min(room, left ?? Infinity);
    if (bytes <= free && files <= freeInodes) continue;
    throw new DiscoError(
      `Cannot stage ${files} changes for "${printable(place.path)}": ${bytes} bytes are needed, ` +
        `${free} bytes and ${freeInodes} inodes are free` + (free < room ? " by its quota" : ""),
      { hint: "make room there, then dance again; nothing has been changed" },
    );
  }
}

function blocksOf({ path, after }: Change, union: Tree): number {
  const { type, size } = after!;
  if (type !== "file") return 0;
  if (size !== undefined && size <= SMALL) return Math.ceil(size / BLOCK) * BLOCK;
  return (union.stat(path)?.blocks ?? 0) * 512;
}
