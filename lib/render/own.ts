/**
 * Files of others, made one's own: without root only what is one's own can be given another mode.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { copyContent, type Stat, withFile } from "../posix/mod.ts";

/** Put a copy with the same content, mode and time in the place of a regular file of another user. */
export function makeOwn(tree: Tree, path: string, live: Stat): void {
  if (live.type !== "file" || live.uid === Deno.uid()) return;
  const copy = `${path}.disco-own`;
  withFile(tree.openFile(path, live), (from) => {
    using made = tree.holdNew(copy);
    copyContent(from, made.fd, live.size, path);
    made.chmod(live.mode);
    made.utimens(live.mtime);
  });
  tree.rename(copy, path);
}
