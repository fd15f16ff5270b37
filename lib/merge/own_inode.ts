/**
 * Attributes of files with several names. A union has an inode for each name that a ball changed, the
 * live root one for all.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { attributesIn } from "./judge.ts";

/**
 * The changes, those of attributes as changes of content where the inode has another name that keeps
 * its attributes: the path then gets an inode of its own, as the union has it. Where all names get
 * the same attributes, they stay names of one inode. A path that shares its inode with a new name is
 * copied with it, so that both are names of one file. A time alone is set in place where there is no
 * new name.
 */
export function withOwnInodes(
  changes: readonly Change[],
  difference: Difference,
  statOf: (path: string) => Stat | undefined,
): Change[] {
  const keys = new Map<Change, { key: string; names: number }>();
  const counts = new Map<string, number>();
  for (const change of changes) {
    const isKept = change.kind !== "attributes" || isOnlyTouched(change);
    const stat = isKept ? undefined : statOf(change.path);
    if (!stat || stat.type === "directory" || stat.nlink === 1) continue;
    const { mode, uid, gid, xattrs } = change.after!;
    const key = JSON.stringify([stat.dev, String(stat.ino), mode, uid, gid, xattrs]);
    keys.set(change, { key, names: stat.nlink });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const anew = namesOfNewFiles(difference);
  return changes.map((change) => {
    if (change.kind === "attributes" && anew.has(change.path)) {
      return { ...change, kind: "modified" };
    }
    const found = keys.get(change);
    const isAlone = found !== undefined && counts.get(found.key)! < found.names;
    return isAlone ? { ...change, kind: "modified" } : change;
  });
}

/**
 * Whether the path gets nothing but another time: to set it in place gives it to all names, which is
 * what touch(1) does.
 */
function isOnlyTouched(change: Change): boolean {
  return change.touched === true && attributesIn(change) === 1;
}

/** Names that share their inode in the union with a name that is copied. */
function namesOfNewFiles({ changes, linked }: Difference): Set<string> {
  if (linked.length === 0) return new Set();
  const copied = new Set(
    changes.filter(({ kind }) => kind !== "attributes").map(({ path }) => path),
  );
  return new Set(linked.filter((names) => names.some((name) => copied.has(name))).flat());
}
