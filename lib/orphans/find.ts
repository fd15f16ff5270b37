/**
 * Orphans: paths that a ball delivered in an earlier dance, and that no ball delivers any more.
 *
 * @module
 */
import { lstat } from "../posix/mod.ts";
import { type DeliveredRecord, isAsDelivered } from "./record.ts";

/** An orphan, and what becomes of it. */
export interface Orphan {
  /** The ball that delivered it. */
  readonly ball: string;
  /** Absolute, inside the root. */
  readonly path: string;
  /** `kept`: nobody said that it goes. `changed`: somebody has changed it by hand; it is kept. */
  readonly status: "purged" | "kept" | "changed";
}

/** What is known about this dance. */
export interface Delivery {
  /** The balls that were applied, with what they delivered: the others say nothing. */
  readonly applied: ReadonlyMap<string, ReadonlySet<string>>;
  /** The balls of the plan. */
  readonly planned: readonly string[];
  /** Whether an orphan of a ball shall go; `globs` are of its file `purge`, when it was applied. */
  readonly isPurged: (path: string, ball: string, globs: readonly string[]) => boolean;
}

/** The orphans in the tree at `root`, sorted by path. What is gone already is none. */
export function findOrphans(record: DeliveredRecord, root: string, delivery: Delivery): Orphan[] {
  const prefix = root === "/" ? "" : root;
  const delivered = new Set([...delivery.applied.values()].flatMap((paths) => [...paths]));
  return Object.entries(record).flatMap(([ball, { paths, purge }]) => {
    const isSilent = delivery.planned.includes(ball) && !delivery.applied.has(ball);
    if (isSilent) return [];
    return Object.entries(paths).flatMap(([path, known]): Orphan[] => {
      if (delivered.has(path)) return [];
      const stat = lstat(prefix + path);
      if (!stat) return [];
      if (!isAsDelivered(stat, known)) return [{ ball, path, status: "changed" }];
      return [{ ball, path, status: delivery.isPurged(path, ball, purge) ? "purged" : "kept" }];
    });
  }).sort((a, b) => a.path < b.path ? -1 : 1);
}
