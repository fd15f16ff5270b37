/**
 * Which package a changed path is of: the one whose list in dpkg's database changes with it.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import { LISTS, pathsIn } from "./lists.ts";

/** The packages of changed paths, without their architecture; a path that is of none is not in it. */
export function packagesOf(
  changes: readonly Change[],
  live: Tree,
  now: Tree,
): Map<string, string> {
  const owners = new Map<string, string>();
  const stems: [stem: string, name: string][] = [];
  for (const { path, after } of changes) {
    const list = LISTS.exec(path)?.[1];
    if (list === undefined) continue;
    const name = list.replace(/:.*/, "");
    stems.push([`/var/lib/dpkg/info/${list}.`, name]);
    for (const one of pathsIn(after ? now : live, path)) owners.set(one, name);
  }
  if (stems.length === 0) return owners;
  const found = new Map<string, string>();
  for (const { path } of changes) {
    const owner = owners.get(path) ?? stems.find(([stem]) => path.startsWith(stem))?.[1];
    if (owner !== undefined) found.set(path, owner);
  }
  return found;
}
