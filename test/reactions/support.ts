/**
 * A ground for reactions and checks that is only said to be there.
 *
 * @module
 */
import type { ChangedPath, Ground } from "../../lib/on_change/mod.ts";

/** Everything is there but what is named: paths, and places of the running system. */
export function groundWithout(...missing: readonly string[]): Ground {
  const isThere = (place: string) => !missing.includes(place);
  return { has: isThere, isLive: isThere };
}

/** Files that a ball "a" has changed. */
export function changed(...paths: readonly string[]): ChangedPath[] {
  return paths.map((path) => ({ path, ball: "a", isFile: true, isTree: false }));
}
