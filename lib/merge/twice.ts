/**
 * One directory that is mounted at two places: each has a union of its own, so that two changes of one
 * file would overwrite one another.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { MergePlace } from "./area.ts";
import { parentOf } from "./conflict.ts";

/** What the check needs to know. */
export interface TwiceTask {
  readonly live: Tree;
  readonly places: readonly MergePlace[];
  readonly changes: readonly Change[];
}

/** Throw if two changes meet in one file, or one of them in a tree that the other moves. */
export function checkTwice({ live, places, changes }: TwiceTask): void {
  if (!mayMeet(live, places)) return;
  const ids = new Ids(live);
  /** Where a change is, as a name in the identity of its directory. */
  const seen = new Map<string, string>();
  const moved = new Map<string, string>();
  for (const { path, kind } of changes) {
    const key = `${ids.of(parentOf(path))}/${path.slice(path.lastIndexOf("/") + 1)}`;
    for (const id of path === "/" || !ids.of(path) ? [key] : [key, ids.of(path)!]) {
      const other = seen.get(id);
      if (other !== undefined && other !== path) throw twice(other, path);
      seen.set(id, path);
    }
    const own = ids.of(path);
    if (own && kind !== "attributes") moved.set(own, path);
  }
  for (const { path } of changes) {
    for (let at = parentOf(path);; at = parentOf(at)) {
      const other = moved.get(ids.of(at) ?? "");
      if (other !== undefined && other !== path) throw twice(other, path);
      if (at === "/") break;
    }
  }
}

/** Most hosts have no file system that is mounted twice: then nothing more is looked at. */
function mayMeet(live: Tree, places: readonly MergePlace[]): boolean {
  const devices = places.map(({ path }) => live.stat(path)?.dev);
  return new Set(devices).size < devices.length;
}

/** The identities of directories, each looked up once. */
class Ids {
  readonly #live: Tree;
  readonly #known = new Map<string, string | undefined>();

  constructor(live: Tree) {
    this.#live = live;
  }

  of(path: string): string | undefined {
    if (this.#known.has(path)) return this.#known.get(path);
    const stat = this.#live.stat(path);
    const id = stat?.type === "directory" ? `${stat.dev}/${stat.ino}` : undefined;
    this.#known.set(path, id);
    return id;
  }
}

function twice(one: string, other: string): DiscoError {
  return new DiscoError(
    `Cannot merge "${printable(other)}": it is the same as, or lies in, "${printable(one)}": ` +
      "one directory is mounted at two places, and both are changed",
    { hint: "change it at one of the places only; nothing has been changed" },
  );
}
