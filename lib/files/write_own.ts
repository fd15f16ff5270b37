/**
 * Files in folders that only DISCO writes to.
 *
 * @module
 */
import { dirname } from "@std/path";
import { named, Tree } from "../door/mod.ts";
import { type Content, replaceFile, type ReplaceOptions } from "./replace.ts";

/** Write a file of DISCO's own at once; a crash can leave its draft, `PATH.new`. */
export function writeOwn(
  path: string,
  content: Content,
  options: Omit<ReplaceOptions, "draft"> = {},
): void {
  using folder = new Tree(dirname(path));
  const name = path.slice(path.lastIndexOf("/"));
  named(path, () => replaceFile(folder, name, content, { ...options, draft: `${name}.new` }));
}
