/**
 * Files with several names of which some change, and the rest stay as they are.
 *
 * In an overlay a file with several names is copied when it changes, and nothing says whether it was
 * changed in place, which would change all of its names, or replaced (overlayfs.rst, "Hard
 * links" without `index=on`). So both are reported.
 *
 * @module
 */
import type { Found } from "./comparison.ts";

/** A path that parts from other names of its file. */
export interface Parted {
  readonly path: string;
  readonly balls: readonly string[];
  /** Names of the file that do not change. */
  readonly others: number;
}

/** Which changes part a path from other names of its file. */
export function partedFrom(found: readonly Found[]): Parted[] {
  const changed = found.filter(({ kind, before, after }) =>
    (kind === "modified" || kind === "attributes") && before?.type === "file" && before.nlink > 1 &&
    after?.type === "file"
  );
  const byInode = Map.groupBy(changed, ({ before }) => `${before!.dev}/${before!.ino}`);
  return [...byInode.values()].flatMap((names) => {
    const others = names[0]!.before!.nlink - names.length;
    return others > 0 ? names.map(({ path, balls }) => ({ path, balls, others })) : [];
  });
}
