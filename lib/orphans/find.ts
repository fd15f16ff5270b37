/**
 * Orphans: paths that a ball delivered in an earlier dance, and that no ball delivers any more.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { type Stat, SyscallError } from "../posix/mod.ts";
import type { Orphan } from "../result/mod.ts";
import { type DeliveredRecord, isAsDelivered } from "../state/delivered.ts";

/** What is known about this dance. */
export interface Delivery {
  /** The balls that were applied, with what they delivered: the others say nothing. */
  readonly applied: ReadonlyMap<string, ReadonlySet<string>>;
  /** The balls of the plan. */
  readonly planned: readonly string[];
  /** Whether an orphan of a ball is removed; `globs` are of its file `purge`, when it was applied. */
  readonly isPurged: (path: string, ball: string, globs: readonly string[]) => boolean;
}

/**
 * The orphans in the tree at `root`, sorted by path. What is gone already is none; what can be reached
 * through a link only, or not be looked at, was changed.
 */
export function findOrphans(record: DeliveredRecord, root: string, delivery: Delivery): Orphan[] {
  using tree = new Tree(root);
  const planned = new Set(delivery.planned);
  const delivered = new Set([...delivery.applied.values()].flatMap((paths) => [...paths]));
  return Object.entries(record).flatMap(([ball, { paths, purge }]) => {
    const isSilent = planned.has(ball) && !delivery.applied.has(ball);
    if (isSilent) return [];
    return Object.entries(paths).flatMap(([path, known]): Orphan[] => {
      if (delivered.has(path)) return [];
      const stat = look(tree, path);
      if (stat === undefined) return [];
      if (stat === "elsewhere" || !isAsDelivered(stat, known)) {
        return [{ ball, path, status: "changed" }];
      }
      return [{ ball, path, status: delivery.isPurged(path, ball, purge) ? "purged" : "kept" }];
    });
  }).sort((a, b) => a.path < b.path ? -1 : 1);
}

/** What is at a path; `elsewhere` where a link is on the way, or the way is not root's to go. */
function look(tree: Tree, path: string): Stat | "elsewhere" | undefined {
  try {
    const stat = tree.stat(path);
    return stat ?? (isBehindLink(tree, path) ? "elsewhere" : undefined);
  } catch (error) {
    if (error instanceof SyscallError) return "elsewhere";
    throw error;
  }
}

function isBehindLink(tree: Tree, path: string): boolean {
  const names = path.split("/").slice(1, -1);
  let at = "";
  for (const name of names) {
    at += `/${name}`;
    const stat = tree.stat(at);
    if (stat?.type !== "directory") return stat?.type === "symlink";
  }
  return false;
}
