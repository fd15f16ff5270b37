/**
 * Where a path really is inside another root.
 *
 * @module
 */
import { follow, FollowError, Tree } from "../door/mod.ts";

/**
 * The path with every symbolic link followed as inside a chroot of `root`, or undefined where
 * nothing is, links go in circles, or one is not to be trusted.
 */
export function realPath(root: string | Tree, path: string): string | undefined {
  if (typeof root === "string") {
    using tree = new Tree(root);
    return realPath(tree, path);
  }
  try {
    return follow(root, path).path;
  } catch (error) {
    if (error instanceof FollowError) return undefined;
    throw error;
  }
}
