/**
 * Where a path really is inside another root.
 *
 * @module
 */
import { lstat, readlink } from "../posix/mod.ts";

/** As many links as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * The path with every symbolic link followed as inside a chroot of `root`, or undefined where
 * nothing is or links go in circles.
 */
export function realPath(root: string, path: string): string | undefined {
  const prefix = root === "/" ? "" : root;
  let rest = path.split("/").filter((part) => part !== "" && part !== ".");
  let real: string[] = [];
  for (let links = 0; rest.length > 0;) {
    const [part, ...later] = rest as [string, ...string[]];
    rest = later;
    if (part === "..") {
      real.pop();
      continue;
    }
    const at = `${prefix}/${[...real, part].join("/")}`;
    const stat = lstat(at);
    if (!stat) return undefined;
    if (stat.type !== "symlink") {
      real.push(part);
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    const target = readlink(at);
    if (target.startsWith("/")) real = [];
    rest = [...target.split("/").filter((p) => p !== "" && p !== "."), ...rest];
  }
  return `/${real.join("/")}`;
}
