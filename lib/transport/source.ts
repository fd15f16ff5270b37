/**
 * A universe on this machine, as rsync sees it between its walls.
 *
 * @module
 */
import { join } from "@std/path";
import { follow, FollowError, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Mount } from "../walled/mod.ts";
import type { Kind } from "./address.ts";
import type { Server } from "./server.ts";

/** Where it is inside. */
export const UNIVERSE = "/universe";

/** The server in the words of a call for items of a kind, and what is mounted for it. */
export interface Source {
  readonly server: Server;
  readonly mounts: readonly Mount[];
}

/**
 * For a path one folder is mounted, `<path>/<kind>`, with the links on the way to it followed here, by
 * the rules of delivery: a user's link could lead to another universe. Undefined where it does not
 * exist.
 */
export function sourceOf(server: Server, kind: Kind): Source | undefined {
  if (server.kind !== "path") return { server, mounts: [] };
  try {
    using tree = new Tree("/");
    const from = follow(tree, join(server.path, kind)).path;
    return {
      server: { kind: "path", path: UNIVERSE },
      mounts: [{ from, to: join(UNIVERSE, kind) }],
    };
  } catch (error) {
    if (!(error instanceof FollowError)) throw error;
    if (error.kind === "missing" || error.kind === "file") return undefined;
    throw new DiscoError(`Cannot fetch from "${printable(server.path)}": ${error.message}`, {
      hint: "give the folder itself, or let root own the link",
    });
  }
}
