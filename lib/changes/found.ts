/**
 * What a comparison has found.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { ChangeKind } from "../result/change.ts";

/** A path that differs. */
export interface Found {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly balls: readonly string[];
  readonly before: Stat | undefined;
  readonly after: Stat | undefined;
  readonly contentDiffers: boolean;
  /** Its modification time was set on purpose. */
  readonly isTouched: boolean;
  /** Nothing but that time differs. */
  readonly isOnlyTime: boolean;
}

/** What a ball changed and a later one deleted with its directory goes with the directory. */
export function withoutGone(found: readonly Found[]): Found[] {
  const gone = new Set(
    found.filter(({ kind, before }) => kind !== "attributes" && before?.type === "directory")
      .map(({ path }) => path),
  );
  if (gone.size === 0) return [...found];
  const isGone = (path: string): boolean => {
    for (let at = path; at !== ""; at = above(at)) if (gone.has(at)) return true;
    return false;
  };
  return found.filter(({ path, kind }) => kind !== "deleted" || !isGone(above(path)));
}

/** The directory in which a path lies; empty for the root. */
export function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
