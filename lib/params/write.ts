/**
 * A file that is there whole or not at all.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { fsync, writeAll } from "../posix/mod.ts";

/** Write a file for its owner only (0600), atomically: nobody ever sees half of it. */
export function writeAtomically(tree: Tree, path: string, content: Uint8Array): void {
  // "~" cannot be in a key: what a crash leaves behind is no parameter.
  const temporary = `${path.slice(0, path.lastIndexOf("/"))}/~${crypto.randomUUID()}`;
  try {
    using made = tree.holdNew(temporary);
    writeAll(made.fd, new Uint8Array(content), path);
    made.chmod(0o600);
    fsync(made.fd, path);
    tree.rename(temporary, path);
  } catch (error) {
    tree.remove(temporary);
    throw error;
  }
}
