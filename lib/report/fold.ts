/**
 * Many changes as a few lines: a directory each, with what happened in it and whose work it is.
 *
 * @module
 */
import type { Change } from "../result/change.ts";
import { printable, shellWord } from "../terminal/printable.ts";

/** Changes that are folded, and the line that stands for them. */
export interface Group {
  readonly line: string;
  readonly changes: readonly Change[];
}

/** Levels of directories that are named: `/usr/share/doc`. */
const DEEPEST = 4;

/** The changes by ball and directory, in as much detail as `most` groups allow. */
export function directoryGroups(changes: readonly Change[], most: number): Group[] {
  for (let depth = DEEPEST; depth > 1; depth--) {
    const groups = groupsAt(changes, depth);
    if (groups.length <= most) return groups;
  }
  const groups = groupsAt(changes, 1);
  if (groups.length <= most) return groups;
  const rest = groups.slice(most - 1);
  return [...groups.slice(0, most - 1), {
    line: `and ${rest.length} more directories`,
    changes: rest.flatMap((group) => group.changes),
  }];
}

/** How often each thing happened: `412 created, 3 modified`. */
export function kindCounts(changes: readonly Change[]): string {
  const groups = Map.groupBy(changes, ({ kind }) => kind);
  return [...groups].map(([kind, list]) => `${list.length} ${WORDS[kind]}`).join(", ");
}

const WORDS: Record<Change["kind"], string> = {
  created: "created",
  modified: "modified",
  deleted: "deleted",
  replaced: "replaced",
  attributes: "with other attributes",
};

function groupsAt(changes: readonly Change[], depth: number): Group[] {
  const groups = Map.groupBy(
    changes,
    (change) => JSON.stringify([change.balls, folderOf(change).slice(0, depth + 1)]),
  );
  return [...groups.values()].map((list) => {
    const where = list.length === 1 ? list[0]!.path : commonFolder(list);
    const [{ balls } = { balls: [] }] = list;
    const who = balls.length > 0 ? ` [${balls.map(printable).join(", ")}]` : "";
    return { line: `${shellWord(where)}: ${kindCounts(list)}${who}`, changes: list };
  });
}

/** The deepest directory that holds all of the paths. */
function commonFolder(changes: readonly Change[]): string {
  let common = folderOf(changes[0]!);
  for (const change of changes) {
    const parts = folderOf(change);
    const end = common.findIndex((part, i) => parts[i] !== part);
    if (end >= 0) common = common.slice(0, end);
  }
  return common.join("/") || "/";
}

/** Where a change is: a directory is in itself, with what is in it. */
function folderOf({ path, before, after }: Change): string[] {
  const parts = path.split("/");
  return (after ?? before)?.type === "directory" ? parts : parts.slice(0, -1);
}
