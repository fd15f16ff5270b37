/**
 * File systems of users, mounted in a throw-away host.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { ThrowawayHost } from "./host.ts";
import type { Running } from "./process.ts";

/** The program that is a file system in user space: see its beginning. */
export const FUSE: string = fromFileUrl(new URL("fuse.pl", import.meta.url));

/** How a FUSE file system is mounted. */
export interface FuseOptions {
  /** Whether others than the user may look at it. */
  readonly allowOther?: boolean;
  /** Whether its server answers nothing once it is mounted. */
  readonly isStuck?: boolean;
}

/** Mount a FUSE file system of a user (by number) on a folder; it ends with the host. */
export async function mountFuse(
  host: ThrowawayHost,
  path: string,
  user: number,
  { allowOther = false, isStuck = false }: FuseOptions = {},
): Promise<Running> {
  host.mkdir(path);
  const words = ["perl", FUSE, path, `${user}`, allowOther ? "allow_other" : ""];
  const server = host.spawn([...words, ...isStuck ? ["stop"] : []], { timeout: 3_600_000 });
  await server.printed(/ready/);
  return server;
}
