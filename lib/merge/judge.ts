/**
 * Whether others have changed what a change replaces. The change time is only the hint to look: a
 * change of attributes replaces those, and neither what is appended to a file meanwhile nor new
 * entries of a directory are in its way.
 *
 * @module
 */
import type { Change, Entry } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import type { Tree } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { isChangedBelow, parentOf } from "./conflict.ts";
import { isSince } from "./mark.ts";
import type { Seen } from "./watch.ts";

/** What is known of the time of a dance. */
export interface Judgement {
  readonly live: Tree;
  /** What has this change time (ns) or a later one may have changed since the union was mounted. */
  readonly mark: bigint;
  /** What was seen before the union was mounted, and what is there now, of paths in conflict. */
  readonly watched: Readonly<Record<string, { readonly before: Seen; readonly now: Seen }>>;
  /** Every change, and what is created and yet copied from below. */
  readonly difference: Pick<Difference, "changes" | "copied">;
}

/** The changes that others stand in the way of; `found` is what is live at their paths. */
export function conflictsAmong(
  changes: readonly Change[],
  found: ReadonlyMap<string, Stat | undefined>,
  judgement: Judgement,
): Change[] {
  const { copied = [], changes: all } = judgement.difference;
  const moved = new Set(
    copied.length > 0 ? all.filter(isGone).map(({ before }) => looks(before)) : [],
  );
  const vanished = new Set(copied);
  for (const { path, after } of all) if (moved.has(looks(after))) vanished.delete(path);
  return changes.filter((change) =>
    isConflict(change, found.get(change.path), vanished.has(change.path), judgement)
  );
}

function isConflict(
  change: Change,
  stat: Stat | undefined,
  mayHaveVanished: boolean,
  { live, mark, watched }: Judgement,
): boolean {
  const { path, kind, before } = change;
  if (before === null ? stat : !stat) return true;
  const parent = live.stat(parentOf(path));
  if (parent?.type !== "directory") return true;
  const isChanged = (ctime: bigint) => isSince(ctime, mark);
  if (isAsSeen(change, watched[path])) return false;
  if (stat && isChanged(stat.ctime)) {
    return kind !== "attributes" || path in watched || !isOnlyContent(stat, mark) ||
      attributesIn(change) > 1;
  }
  // A tree that goes takes along what is in it.
  const goes = stat?.type === "directory" && kind !== "attributes";
  if (goes && isChangedBelow(live, path, ({ ctime }) => isChanged(ctime))) return true;
  // It may have been live, and deleted meanwhile: nothing but its directory shows that.
  return mayHaveVanished && isChanged(parent.ctime);
}

function isAsSeen(
  { kind }: Change,
  seen: { readonly before: Seen; readonly now: Seen } | undefined,
): boolean {
  if (!seen || seen.before.attributes !== seen.now.attributes) return false;
  if (kind === "attributes") return true;
  return seen.before.content !== null && seen.before.content === seen.now.content;
}

/**
 * Whether the last that happened to an inode, which was there before, was a write to a file or a new
 * entry of a directory: these set both times to one moment, all else only the change time.
 */
function isOnlyContent({ ctime, mtime, btime }: Stat, mark: bigint): boolean {
  return ctime === mtime && btime !== undefined && !isSince(btime, mark);
}

/**
 * How many kinds of attributes a change is about. Where there are several, one may be what others did
 * after the union had copied the rest.
 */
export function attributesIn({ before, after, touched }: Change): number {
  const [a, b] = [before!, after!];
  const names = [...new Set([...Object.keys(a.xattrs), ...Object.keys(b.xattrs)])]
    .filter((name) => a.xattrs[name] !== b.xattrs[name]);
  const isAcl = (name: string) => name.startsWith("system.posix_acl_");
  const kinds = [
    a.uid !== b.uid || a.gid !== b.gid,
    a.mode !== b.mode || names.some(isAcl),
    names.some((name) => !isAcl(name)),
    touched === true,
  ];
  return kinds.filter(Boolean).length;
}

function isGone({ kind, before }: Change): boolean {
  return kind === "deleted" && before?.type === "file";
}

/** By what a file that was moved is known again: nothing but its name has changed. */
function looks(entry: Entry | null): string {
  return entry ? `${entry.type} ${entry.size} ${entry.mtime}` : "";
}
