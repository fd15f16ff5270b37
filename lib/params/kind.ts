/**
 * What the keys of a tree of parameters name.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Stat } from "../posix/mod.ts";

/** What lies at a key. */
export type Kind = "file" | "folder" | "missing";

/** What a key names; a link or special file on the way there is an error. */
export function kindOf(tree: Tree | undefined, key: string | undefined, action: string): Kind {
  let kind: Kind = tree ? "folder" : "missing";
  for (const part of pathsTo(key)) {
    const stat: Stat | undefined = kind === "folder" ? tree!.stat(pathOf(part)) : undefined;
    kind = stat ? kindOfEntry(stat, part, action, key!) : "missing";
  }
  return kind;
}

/** What an entry is; the error is for `key`. */
export function kindOfEntry({ type }: Stat, path: string, action: string, key: string): Kind {
  if (type === "file") return "file";
  if (type === "directory") return "folder";
  throw failure(action, key, `"${path}" is a symlink or special file`);
}

/** The error of an action with a parameter. */
export function failure(action: string, key: string, why: string, hint?: string): DiscoError {
  return new DiscoError(`Cannot ${action} parameter "${key}": ${why}`, hint ? { hint } : {});
}

/** Why an action needs something else at a key. */
export function because(kind: Kind): string {
  return kind === "missing" ? "it does not exist" : `it is a ${kind}`;
}

/** Where a key is in the tree. */
export function pathOf(key: string | undefined): string {
  return `/${key ?? ""}`;
}

/** `a`, `a/b`, `a/b/c` for `a/b/c`. */
export function pathsTo(key: string | undefined): string[] {
  const parts = key?.split("/") ?? [];
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
