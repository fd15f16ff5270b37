/**
 * What can be known before anything is written: whether the merge can succeed.
 *
 * @module
 */
import { dirname } from "@std/path";
import { DiscoError } from "../error.ts";
import { lstat, space } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Change, Difference } from "../changes/mod.ts";
import { type Area, areaOf } from "./area.ts";
import { ConflictError, isChangedBelow } from "./conflict.ts";
import type { Live } from "./live.ts";

/** What the checks need to know. */
export interface Preflight {
  readonly root: string;
  readonly areas: readonly Area[];
  /** The changes that become operations: none lies below a tree that moves as a whole. */
  readonly changes: readonly Change[];
  /** Every change, those below such a tree among them. */
  readonly difference: Pick<Difference, "changes" | "copied">;
  /** Where the union is mounted. */
  readonly union: string;
  /** Mount points inside the root. */
  readonly mountpoints: readonly string[];
  readonly live: Live;
}

/** Throw for the first thing that stands in the way; nothing has been changed then. */
export function preflight(task: Preflight): void {
  for (const change of task.changes) {
    checkMounts(change, task);
    checkConflict(change, task);
    checkFlags(change, task);
    checkDevice(change, task);
  }
  checkSpace(task);
}

/** Somebody else changed the target since the time mark, which was set before the union was mounted. */
function checkConflict({ path, kind, before }: Change, task: Preflight): void {
  const { root, live, areas, difference } = task;
  const stat = live.stat(path);
  if (before === null ? stat : !stat) throw new ConflictError(path);
  if (live.stat(dirname(path))?.type !== "directory") throw new ConflictError(path);
  const mark = BigInt(areaOf(path, areas).mark);
  if (stat && stat.ctime >= mark) throw new ConflictError(path);
  // A tree that goes takes along what is in it.
  const goes = stat?.type === "directory" && kind !== "attributes";
  if (goes && isChangedBelow((root === "/" ? "" : root) + path, mark)) {
    throw new ConflictError(path);
  }
  // It may have been live, and deleted meanwhile: nothing but its directory shows that.
  if (!difference.copied?.includes(path)) return;
  if (live.stat(dirname(path))!.ctime >= mark) throw new ConflictError(path);
}

/** A tree with a mount in it cannot be moved (EBUSY). */
function checkMounts({ path, kind }: Change, { mountpoints }: Preflight): void {
  if (kind === "attributes") return;
  const mount = mountpoints.find((m) => m === path || m.startsWith(`${path}/`));
  if (mount === undefined) return;
  throw refusal(
    path,
    `"${printable(mount)}" is mounted there`,
    "unmount it, or leave the directory alone",
  );
}

function checkFlags({ path, kind }: Change, { live }: Preflight): void {
  for (const at of kind === "attributes" ? [path] : [path, dirname(path)]) {
    const stat = live.stat(at);
    if (!stat?.immutable && !stat?.appendOnly) continue;
    const flag = stat.immutable ? "immutable" : "append-only";
    const what = at === path ? "it" : `the directory "${printable(at)}"`;
    throw refusal(
      path,
      `${what} is ${flag}`,
      `chattr -${stat.immutable ? "i" : "a"} lets it be changed`,
    );
  }
}

/** A rename stays on its file system, and on btrfs in its subvolume. */
function checkDevice({ path, kind }: Change, { live, areas }: Preflight): void {
  if (kind === "attributes") return;
  const parent = live.stat(dirname(path));
  if (parent?.dev === lstat(areaOf(path, areas).folder)?.dev) return;
  throw refusal(
    path,
    "it lies on another file system or subvolume than its mount point",
    "mount the subvolume at its place",
  );
}

/** What is copied takes the blocks it has, not its length: files may be sparse. */
function checkSpace({ difference, union, areas }: Preflight): void {
  const copied = difference.changes.filter(({ after, kind }) => after && kind !== "attributes");
  for (const area of areas) {
    const own = copied.filter(({ path }) => areaOf(path, areas) === area);
    if (own.length === 0) continue;
    const needed = own.reduce((sum, { path }) => sum + (lstat(union + path)?.blocks ?? 0) * 512, 0);
    const { free, freeInodes } = space(area.folder);
    if (needed <= free && own.length <= freeInodes) continue;
    throw new DiscoError(
      `Cannot stage ${own.length} changes for "${area.place}": ${needed} bytes are needed, ` +
        `${free} bytes and ${freeInodes} inodes are free`,
      { hint: "make room there, then dance again; nothing has been changed" },
    );
  }
}

function refusal(path: string, why: string, hint: string): DiscoError {
  return new DiscoError(`Cannot merge "${printable(path)}": ${why}`, {
    hint: `${hint}; nothing has been changed`,
  });
}
