/**
 * The removal of orphans in the union. No link is followed: what a ball or a user has put on the way
 * is not an orphan, and neither is what a link leads to.
 *
 * @module
 */
import { isMissing, Tree } from "../door/mod.ts";
import { lstat, type Stat, SyscallError } from "../posix/mod.ts";
import { isBelow, type Layer, overlayMarks, type Union } from "../union/mod.ts";
import type { Orphan } from "../result/mod.ts";

/**
 * Those orphans that the union shows as they are live. What a script of this dance has made anew at a
 * path is not the orphan any more, however alike it looks.
 */
export function removable(union: Union, orphans: readonly Orphan[]): Orphan[] {
  using live = new Tree(union.root);
  using now = new Tree(union.mountpoint);
  const alike = orphans.filter(({ path }) => {
    const [before, after] = [statOf(live, path), statOf(now, path)];
    return before !== undefined && after !== undefined && looksLike(before, after);
  });
  return union.layers.reduce((left, layer) => {
    const anew = anewIn(union, layer, left.map(({ path }) => path));
    return left.filter(({ path }) => !anew.has(path));
  }, alike);
}

/** Remove them; returns those that are gone. */
export function removeFrom(mountpoint: string, orphans: readonly Orphan[]): Orphan[] {
  using tree = new Tree(mountpoint);
  return orphans.filter(({ path }) => {
    try {
      tree.unlink(path);
      return true;
    } catch (error) {
      // A mount point, for example.
      if (error instanceof SyscallError) return false;
      throw error;
    }
  });
}

/** Remove those directories that are empty, the innermost first. What cannot be removed stays. */
export function removeEmpty(mountpoint: string, folders: readonly string[]): void {
  using tree = new Tree(mountpoint);
  for (const folder of folders.toSorted((a, b) => b.length - a.length)) {
    try {
      tree.rmdir(folder);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
  }
}

function statOf(tree: Tree, path: string): Stat | undefined {
  try {
    return tree.stat(path);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function looksLike(a: Stat, b: Stat): boolean {
  return a.type === b.type && a.size === b.size && a.mtime === b.mtime && a.mode === b.mode;
}

/** Which paths a layer has made itself, or moved there. */
function anewIn(union: Union, layer: Layer, paths: readonly string[]): Set<string> {
  const byPlace = Map.groupBy(paths, (path) => placeOf(union, path));
  const anew = new Set<string>();
  for (const [place, inside] of byPlace) {
    const upper = union.upper(layer, place);
    if (!lstat(upper)) continue;
    using tree = new Tree(upper);
    const { path: top } = union.places[place]!;
    const skip = top === "/" ? 0 : top.length;
    inside.filter((path) => isAnew(tree, path.slice(skip))).forEach((path) => anew.add(path));
  }
  return anew;
}

/** The innermost place that a path lies in. */
function placeOf({ places }: Union, path: string): number {
  return places.reduce(
    (found, place, i) =>
      isBelow(place.path, path) && place.path.length >= places[found]!.path.length ? i : found,
    0,
  );
}

/** A file of which only the attributes were copied up, and directories that show what was below, are not. */
function isAnew(layer: Tree, path: string): boolean {
  const names = path.split("/").slice(1);
  let at = "";
  for (const name of names) {
    at += `/${name}`;
    const marks = marksOf(layer, at);
    if (marks === undefined) return false;
    if (at === path) return !marks.includes("metacopy") || marks.includes("redirect");
    if (marks.includes("opaque") || marks.includes("redirect")) return true;
  }
  return false;
}

function marksOf(layer: Tree, path: string): string[] | undefined {
  try {
    return overlayMarks(layer.xattrNames(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
