/**
 * Name resolution in the sandbox.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { createFile, nameOf, readSmallFile, removeTree } from "../posix/mod.ts";
import { readable, type Shown, type Union } from "../union/mod.ts";
import { realPath } from "./real_path.ts";

/**
 * Name resolution as on the host, in a dry run, too: `/etc/resolv.conf` often points to a file below
 * `/run`, of which the sandbox has a copy.
 */
export function showResolver(union: Union, root: string): Shown[] {
  using tree = new Tree(root);
  const target = resolverOf(tree);
  const content = target === undefined ? undefined : tree.read(target);
  if (target === undefined || content === undefined) return [];
  const copy = `${union.folder("resolver")}/resolv.conf`;
  const before = readSmallFile(copy);
  if (!before || nameOf(before) !== nameOf(content)) {
    removeTree(copy);
    createFile(copy, content);
  }
  makePlace(union, target);
  return [readable(copy, target)];
}

/** Make the place of the copy in a new /run. */
export function layResolverPlace(union: Union): void {
  using tree = new Tree(union.root);
  const target = resolverOf(tree);
  if (target !== undefined) makePlace(union, target);
}

/** An empty file in the sandbox's /run, where there is none yet, and the directories that lead to it. */
function makePlace(union: Union, target: string): void {
  using volatile = new Tree(union.folder("volatile"));
  const parts = target.split("/").slice(1);
  for (const [i] of parts.entries()) {
    const path = `/${parts.slice(0, i + 1).join("/")}`;
    if (volatile.stat(path)) continue;
    if (i < parts.length - 1) volatile.mkdir(path);
    else volatile.create(path, new Uint8Array());
  }
}

/** Where `/etc/resolv.conf` points to, if that is below `/run`. */
export function resolverOf(tree: Tree): string | undefined {
  if (tree.stat("/etc/resolv.conf")?.type !== "symlink") return undefined;
  const target = realPath(tree, "/etc/resolv.conf");
  return target?.startsWith("/run/") ? target : undefined;
}
