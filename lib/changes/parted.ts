/**
 * Files with several names that no longer have all of them: some change and the rest stay as they are,
 * or each becomes a file of its own.
 *
 * In an overlay a file with several names is copied when it changes, and nothing says whether it was
 * changed in place, which would change all of its names, or replaced (overlayfs.rst, "Hard
 * links" without `index=on`). So both are reported.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { Found } from "./found.ts";
import { isTimeOfAll } from "./time_of_all.ts";

/** A path that parts from other names of its file. */
export interface Parted {
  readonly path: string;
  readonly balls: readonly string[];
  /** Other names of the file: those that do not change, else those that change in another way. */
  readonly others: number;
  /** Whether the others stay as they are. */
  readonly stay: boolean;
  /** It is a new name, which may have been moved. */
  readonly isMoved?: boolean;
}

/** Which changes part a path from other names of its file. */
export function partedFrom(found: readonly Found[]): Parted[] {
  const linked = found.filter(({ before }) =>
    before && before.type !== "directory" && before.nlink > 1
  );
  const byInode = Map.groupBy(linked, ({ before }) => `${before!.dev}/${before!.ino}`);
  return [...byInode.values()].flatMap((all) => {
    const names = all.filter((one) =>
      (one.kind === "attributes" || isWritten(one)) && !isTimeOfAll(one)
    );
    // A time alone is set in place.
    const staying = all[0]!.before!.nlink - all.filter((one) => !isTimeOfAll(one)).length;
    const parted = (others: number, stay: boolean) =>
      names.map(({ path, balls }) => ({ path, balls, others, stay }));
    if (staying > 0) return parted(staying, true);
    return names.length > 1 && !isStillOne(names) ? parted(names.length - 1, false) : [];
  });
}

/** Whether a file may have got its content in place; a symbolic link with another target is a new one. */
function isWritten({ kind, after }: Found): boolean {
  return kind === "modified" && after!.type === "file";
}

/** Whether the changes leave one file: attributes are set in place, and a link is merged as one. */
function isStillOne(names: readonly Found[]): boolean {
  const [{ after: first }] = names as [Found, ...Found[]];
  const isLink = (one: Stat) => one.dev === first!.dev && one.ino === first!.ino;
  const isAlike = ({ mode, uid, gid }: Stat) =>
    mode === first!.mode && uid === first!.uid && gid === first!.gid;
  return names.every(({ after }) => isLink(after!)) ||
    names.every(({ kind, after }) => kind === "attributes" && isAlike(after!));
}
