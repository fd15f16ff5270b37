/**
 * Attributes of files with several names. A union has an inode for each name that a ball changed, the
 * live root one for all.
 *
 * @module
 */
import type { Change } from "../changes/mod.ts";
import type { Stat } from "../posix/mod.ts";

/**
 * The changes, those of attributes as changes of content where the inode has another name that keeps
 * its attributes: the path then gets an inode of its own, as the union has it. Where all names get
 * the same attributes, they stay names of one inode.
 */
export function withOwnInodes(
  changes: readonly Change[],
  statOf: (path: string) => Stat | undefined,
): Change[] {
  const keys = new Map<Change, { key: string; names: number }>();
  const counts = new Map<string, number>();
  for (const change of changes) {
    const stat = change.kind === "attributes" ? statOf(change.path) : undefined;
    if (!stat || stat.type === "directory" || stat.nlink === 1) continue;
    const { mode, uid, gid, xattrs } = change.after!;
    const key = JSON.stringify([stat.dev, String(stat.ino), mode, uid, gid, xattrs]);
    keys.set(change, { key, names: stat.nlink });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return changes.map((change) => {
    const found = keys.get(change);
    const isAlone = found !== undefined && counts.get(found.key)! < found.names;
    return isAlone ? { ...change, kind: "modified" } : change;
  });
}
