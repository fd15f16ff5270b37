/**
 * What will be live once operations are carried out.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import { parentOf } from "./conflict.ts";
import type { Live } from "./live.ts";
import type { Operation } from "./operation.ts";

/** What will be at a path; undefined where nothing will be. */
export type Look = (path: string) => Stat | undefined;

/** Look at paths as they will be: new entries lie in their slots. */
export function future(operations: readonly Operation[], live: Live): Look {
  const known = new Map(operations.map((operation) => [operation.path, operation]));
  return (path) => {
    for (let at = path;; at = parentOf(at)) {
      const operation = known.get(at);
      if (operation && operation.kind !== "attributes") {
        const below = path.slice(at.length);
        const { after, slot } = operation;
        return after ? live.staging.of(at).stat(`/${slot}${below}`) : undefined;
      }
      if (operation && at === path) return withAttributes(live.stat(path), operation.after);
      if (at === "/") return live.stat(path);
    }
  };
}

function withAttributes(
  stat: Stat | undefined,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Stat | undefined {
  return stat && { ...stat, mode, uid, gid };
}
