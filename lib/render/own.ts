/**
 * Files of others, made one's own: without root only what is one's own can be given another mode.
 *
 * @module
 */
import { createFile, readFile, rename, type Stat, utimens } from "../posix/mod.ts";

/** Put a copy with the same content, mode and time in the place of a regular file of somebody else's. */
export function makeOwn(path: string, { type, uid, mode, mtime }: Stat): void {
  if (type !== "file" || uid === Deno.uid()) return;
  const copy = `${path}.disco-own`;
  createFile(copy, readFile(path), mode);
  utimens(copy, mtime);
  rename(copy, path);
}
