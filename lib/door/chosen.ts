/**
 * A file that a person named to be written. Its folder may be a user's, who could put a link in every
 * place on the way.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { Stat } from "../posix/mod.ts";
import { follow, FollowError } from "./follow.ts";
import { Tree } from "./tree.ts";

/** The folder of the file, held, and the name in it. */
export interface Chosen extends Disposable {
  readonly folder: Tree;
  /** The name in the folder, as a path of that tree: `/report.html`. */
  readonly name: string;
  /** Where it is, without a link on the way. */
  readonly path: string;
  /** What is there. */
  readonly there: Stat | undefined;
}

/**
 * Find where a file is to be written: every link is followed by the rule of {@linkcode follow}, one
 * at the end as well, whose target is written then. Throws a {@linkcode FollowError} for a link that
 * is not safe or leads nowhere, and where the folder is missing.
 */
export function chosenFile(given: string): Chosen {
  using root = new Tree("/");
  const path = followToWrite(root, resolve(given));
  const cut = path.lastIndexOf("/");
  const folder = root.below(path.slice(0, cut) || "/");
  const name = path.slice(cut);
  return {
    folder,
    name,
    path,
    there: folder.stat(name),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** As {@linkcode follow}, but that the last name may be a new one. */
export function followToWrite(tree: Tree, path: string): string {
  const cut = path.lastIndexOf("/");
  const folder = follow(tree, path.slice(0, cut) || "/");
  if (folder.stat.type !== "directory") {
    throw new FollowError(`"${folder.path}" is not a directory`, "file");
  }
  const place = `${folder.path === "/" ? "" : folder.path}${path.slice(cut)}`;
  return tree.stat(place) ? follow(tree, place).path : place;
}
