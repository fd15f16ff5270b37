/**
 * Areas: private folders that hold what is not live, one on each file system that is merged to,
 * because a rename cannot leave its file system. See `staging.ts` for how they are made and found.
 *
 * @module
 */
import { isPrivate, type Tree } from "../door/mod.ts";

/** A place of the union that can be merged to. */
export interface MergePlace {
  /** Inside the root: `/`, `/boot`. */
  readonly path: string;
  /** Where it is mounted on the live system. */
  readonly live: string;
  /** Which directory its root was when the union was mounted: device and inode. */
  readonly root?: string;
}

/** Where the slots for one place are. Places of one file system can share a folder. */
export interface Area {
  /** Inside the root. */
  readonly place: string;
  /** The generation that the folder was made for. */
  readonly owner: string;
  /** The place in whose root folder it was made; null for the folder of the generation itself. */
  readonly home: string | null;
  /**
   * How it was named when it was made, from the root folder of its home; without one, from that of
   * the place. Empty where no name is needed. By now it may have another one.
   */
  readonly name: string;
  /** Its inode number, decimal; null in journals of old versions. */
  readonly ino: string | null;
  /** Its file handle, which finds it under whatever name; null where there are none. */
  readonly handle: string | null;
}

/** Names in the root folder of a place that staging folders can have. */
const STAGING = /^\.disco(-[0-9a-f]{12})?$/;

/** The name of a staging folder, where nothing of others is in the way. */
export const SHARED = ".disco";

/** Another name for a staging folder, which nobody can have taken. */
export function otherName(): string {
  return `${SHARED}-${crypto.getRandomValues(new Uint8Array(6)).toHex()}`;
}

/** Whether a name in the root folder of a place is kept for staging folders. */
export function isStagingName(name: string): boolean {
  return STAGING.test(name);
}

/**
 * The staging folders that there are in the root folders of places, as paths of the tree: a ball must
 * not see them. What a user has under such a name is not one.
 *
 * @param tree The live root, or a union of it.
 * @param places Paths in it.
 */
export function stagingNames(tree: Tree, places: readonly string[]): string[] {
  return places.filter((place) => tree.stat(place)?.type === "directory").flatMap((place) =>
    tree.list(place).filter(({ name }) => isStagingName(name))
      .map(({ name }) => `${place === "/" ? "" : place}/${name}`)
  ).filter((path) => {
    const stat = tree.stat(path);
    return stat !== undefined && isPrivate(stat);
  });
}

/** The staging folder of a place that a path is, or lies in. */
export function stagingAt(path: string, places: readonly MergePlace[]): string | undefined {
  for (const { path: place } of places) {
    const prefix = place === "/" ? "/" : `${place}/`;
    if (!path.startsWith(prefix)) continue;
    const [name = ""] = path.slice(prefix.length).split("/", 1);
    if (isStagingName(name)) return prefix + name;
  }
  return undefined;
}

/** What belongs to the innermost place that a path lies in. */
export function innermost<T>(
  path: string,
  all: readonly T[],
  placeOf: (one: T) => string,
): T | undefined {
  const holds = (place: string) => place === "/" || path === place || path.startsWith(`${place}/`);
  let found: T | undefined;
  for (const one of all) {
    if (!holds(placeOf(one))) continue;
    if (!found || placeOf(one).length > placeOf(found).length) found = one;
  }
  return found;
}

/** Which directory is the root of a place: device and inode; undefined where there is none. */
export function rootAt(tree: Tree, place: string): string | undefined {
  const stat = tree.stat(place);
  return stat && `${stat.dev}/${stat.ino}`;
}

/** The area of the innermost place that a path lies in. */
export function areaOf(path: string, areas: readonly Area[]): Area | undefined {
  return innermost(path, areas, ({ place }) => place);
}

/** Whether two transactions have slots in the same folder. */
export function isShared(some: readonly Area[], others: readonly Area[]): boolean {
  return some.some((a) => others.some((b) => a.owner === b.owner));
}
