/**
 * Files of the tree that facts are about.
 *
 * @module
 */
import { ChangedError, follow, FollowError, Tree } from "../door/mod.ts";
import { SyscallError } from "../posix/mod.ts";

/** Bytes of a file that is read. */
const LARGEST = 1 << 20;

/**
 * The text of a file in the tree at `root`; links lead as inside a chroot. Undefined where there is no
 * such file, or none that can be read, or it is larger than a MiB.
 */
export function readText(root: string, path: string): string | undefined {
  using tree = new Tree(root);
  try {
    const bytes = tree.read(follow(tree, `/${path}`).path, LARGEST);
    return bytes && new TextDecoder().decode(bytes);
  } catch (error) {
    const isNone = error instanceof FollowError || error instanceof ChangedError ||
      error instanceof SyscallError;
    if (isNone) return undefined;
    throw error;
  }
}
