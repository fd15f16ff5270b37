/**
 * The record after a merge.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { type Stat, SyscallError } from "../posix/mod.ts";
import type { Orphan } from "../result/mod.ts";
import {
  type Delivered,
  type DeliveredBall,
  type DeliveredRecord,
  fingerprint,
} from "../state/delivered.ts";
import { own } from "../text/own.ts";

/** What a merge has done. */
export interface Merged {
  readonly root: string;
  /** The balls that were applied: what they delivered, and their globs. */
  readonly applied: ReadonlyMap<string, { paths: ReadonlySet<string>; purge: readonly string[] }>;
  readonly orphans: readonly Orphan[];
  /** Balls of the plan that were not applied: what is known of them stays. */
  readonly silent: ReadonlySet<string>;
  /** Paths that the merge changed: they look different now. */
  readonly changed: ReadonlySet<string>;
  /** Directories that the merge makes, and takes away. */
  readonly folders: { readonly made: ReadonlySet<string>; readonly gone: ReadonlySet<string> };
  /** What is at a path after the merge, where that is not live yet. */
  readonly look?: (path: string) => Stat | undefined;
}

/**
 * The new record. A path that was delivered is looked at only if it is new to the record or was changed;
 * else its entry is the same object. Orphans that were kept stay in it.
 */
export function updateRecord(record: DeliveredRecord, merged: Merged): DeliveredRecord {
  using tree = new Tree(merged.root);
  const look = merged.look ?? ((path: string) => tree.stat(path));
  const result: Record<string, DeliveredBall & { paths: Record<string, Delivered> }> = {};
  for (const [ball, known] of Object.entries(record)) {
    if (!merged.applied.has(ball)) result[ball] = { ...known, paths: { ...known.paths } };
  }
  for (const [ball, { paths, purge }] of merged.applied) {
    const known = own(record, ball);
    const entries: Record<string, Delivered> = {};
    for (const path of paths) {
      const entry = merged.changed.has(path) ? undefined : known?.paths[path];
      const found = entry ?? lookOf(look, path);
      if (found) entries[path] = found;
    }
    const folders = foldersFor(paths, known?.folders ?? [], merged.folders);
    result[ball] = {
      purge,
      paths: entries,
      ...folders.length > 0 ? { folders } : {},
    };
  }
  for (const { ball, path, status } of merged.orphans) {
    const [known, left] = [own(record, ball)?.paths[path], own(result, ball)];
    if (status !== "purged" && known && left) left.paths[path] = known;
  }
  dropGone(result, merged);
  return result;
}

/** The directories that were made for some paths, and are there still. */
function foldersFor(
  paths: ReadonlySet<string>,
  known: readonly string[],
  { made, gone }: Merged["folders"],
): readonly string[] {
  const left = known.filter((folder) => !gone.has(folder));
  if (made.size === 0) return left;
  const above = [...paths].flatMap(foldersAbove).filter((folder) => made.has(folder));
  return [...new Set([...left, ...above])].sort();
}

/** The directories that a path lies in, but for the root, the innermost first. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}

/** Balls without a path any more; purged orphans, and those that went by themselves. */
function dropGone(
  result: Record<string, { paths: Record<string, Delivered> }>,
  { applied, orphans, silent }: Merged,
): void {
  const left = new Set(orphans.filter(({ status }) => status !== "purged").map(({ path }) => path));
  for (const [ball, { paths }] of Object.entries(result)) {
    if (applied.has(ball) || silent.has(ball)) continue;
    for (const path of Object.keys(paths)) if (!left.has(path)) delete paths[path];
    if (Object.keys(paths).length === 0) delete result[ball];
  }
}

/** What cannot be looked at is not remembered, and so never purged. */
function lookOf(look: (path: string) => Stat | undefined, path: string): Delivered | undefined {
  try {
    const stat = look(path);
    return stat && fingerprint(stat);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
