/**
 * Names of files with several names that are moved and part from the others by that.
 *
 * To rename one name in an overlay copies the file, without a mark (overlayfs.rst, "Hard links" without
 * `index=on`): whether the new name was moved, or is a copy with the old time, is not to be seen. What
 * comes with a renamed directory is copied by the merge.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { Found } from "./found.ts";
import type { Parted } from "./parted.ts";

/** What is known besides what was found. */
export interface Known {
  /** Paths that are names of one file in the union. */
  readonly linked: readonly (readonly string[])[];
  /** Whether a layer mentions the path, and not only a directory above it. */
  isTouched(path: string): boolean;
}

/** Which new names part from other names that their file has, or had. */
export function movedApart(found: readonly Found[], { linked, isTouched }: Known): Parted[] {
  const gone = Map.groupBy(
    found.filter(({ kind, before }) => kind === "deleted" && hasNames(before)),
    ({ before }) => looks(before!),
  );
  const created = found.filter(({ kind, after }) => kind === "created" && isNoFolder(after));
  const isAnother = new Set(
    found.filter(({ kind }) => kind !== "attributes").map(({ path }) => path),
  );
  const alike = Map.groupBy(created, ({ after }) => looks(after!));
  const together = new Map(linked.flatMap((names) => names.map((name) => [name, names] as const)));
  return created.flatMap(({ path, balls, after }): Parted[] => {
    const names = together.get(path) ?? [path];
    // New names of a live file are merged as such.
    if (names.some((name) => !isAnother.has(name))) return [];
    const perhaps = gone.get(looks(after!)) ?? [];
    const isMovedAlong = hasNames(after) && !isTouched(path);
    const old = isMovedAlong ? after! : perhaps[0]?.before;
    if (!old) return [];
    // The union may show another number for an inode of the live root, but no other time.
    const left = perhaps.filter(({ before }) => before!.ctime === old.ctime).length;
    const staying = old.nlink - left - (isMovedAlong ? names.length : 0);
    if (staying > 0) return [{ path, balls, others: staying, stay: true, isMoved: true }];
    if (isMovedAlong) return [];
    const apart = alike.get(looks(old))!.filter((one) => !names.includes(one.path)).length;
    const others = Math.min(apart, left - 1);
    return others > 0 ? [{ path, balls, others, stay: false, isMoved: true }] : [];
  });
}

function isNoFolder(stat: Stat | undefined): boolean {
  return stat !== undefined && stat.type !== "directory";
}

function hasNames(stat: Stat | undefined): boolean {
  return isNoFolder(stat) && stat!.nlink > 1;
}

/** What a file and its copy have in common. */
export function looks({ type, size, mtime, mode, uid, gid }: Stat): string {
  return `${type} ${size} ${mtime} ${mode} ${uid} ${gid}`;
}
