/**
 * A universe on this machine, as rsync sees it between its walls.
 *
 * @module
 */
import { join } from "@std/path";
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
 * For a path one folder is mounted, `<path>/<kind>`, with the links on the way to it followed here;
 * undefined where it does not exist.
 */
export function sourceOf(server: Server, kind: Kind): Source | undefined {
  if (server.kind !== "path") return { server, mounts: [] };
  try {
    const from = Deno.realPathSync(join(server.path, kind));
    return {
      server: { kind: "path", path: UNIVERSE },
      mounts: [{ from, to: join(UNIVERSE, kind) }],
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
