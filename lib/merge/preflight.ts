/**
 * What can be known before anything is written: whether the merge can succeed.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import { innermost, type MergePlace, rootAt, stagingAt } from "./area.ts";
import { ConflictError, parentOf } from "./conflict.ts";
import { conflictsAmong, type Judgement } from "./judge.ts";
import { closedProject } from "./project.ts";
import { checkTwice } from "./twice.ts";

/** What the checks need to know. */
export interface Preflight extends Judgement {
  /** Every place that can be merged to. */
  readonly places: readonly MergePlace[];
  /** The changes that become operations: none lies below a tree that moves as a whole. */
  readonly changes: readonly Change[];
  readonly union: Tree;
  /** Mount points inside the root. */
  readonly mountpoints: readonly string[];
}

/**
 * Throw for what stands in the way; nothing has been changed then. Returns what is live at the paths
 * of the changes: an operation replaces just that.
 */
export function preflight(task: Preflight): Map<string, Stat | undefined> {
  checkNames(task);
  checkPlaces(task);
  for (const change of task.changes) checkMounts(change, task);
  const found = new Map(task.changes.map(({ path }) => [path, task.live.stat(path)]));
  const conflicts = conflictsAmong(task.changes, found, task);
  if (conflicts.length > 0) throw new ConflictError(conflicts.map(({ path }) => path));
  const projects = new Map<string, number | undefined>();
  const looked = lookedAt(task.live, found);
  for (const change of task.changes) {
    checkFlags(change, looked);
    checkDevice(change, looked, task);
    checkProject(change, task, projects);
  }
  checkReadonly(task);
  checkTwice(task);
  return found;
}

/** What is live, of which nothing is asked twice: many changes have one directory. */
type Looked = Pick<Tree, "stat">;

function lookedAt(live: Looked, found: ReadonlyMap<string, Stat | undefined>): Looked {
  const known = new Map(found);
  return {
    stat(path) {
      if (!known.has(path)) known.set(path, live.stat(path));
      return known.get(path);
    },
  };
}

/** Where DISCO keeps what is not live, nothing is merged. */
function checkNames({ difference, places }: Preflight): void {
  for (const { path, balls } of difference.changes) {
    const staging = stagingAt(path, places);
    if (staging === undefined) continue;
    throw refusal(
      path,
      `"${printable(staging)}" is kept for DISCO's own staging, and ball ` +
        `${balls.map((ball) => `"${ball}"`).join(", ")} changes it`,
      "let the ball use another name",
    );
  }
}

/** What was mounted at a place must be there still: below it is another file system. */
function checkPlaces({ changes, live, places }: Preflight): void {
  const known = new Map(places.map((place) => [place, rootAt(live, place.path) === place.root]));
  for (const { path } of changes) {
    const place = innermost(path, places, (one) => one.path);
    if (!place || place.root === undefined || place.path === "/" || known.get(place)) continue;
    throw refusal(
      path,
      `what was mounted at "${printable(place.path)}" was unmounted during the dance`,
      "mount it, then dance again",
    );
  }
}

/** A tree with a mount in it cannot be moved (EBUSY). */
function checkMounts({ path, kind }: Change, { mountpoints }: Preflight): void {
  if (kind === "attributes") return;
  const mount = mountedIn(path, mountpoints);
  if (mount === undefined) return;
  throw refusal(
    path,
    `"${printable(mount)}" is mounted there`,
    "unmount it, or leave the directory alone",
  );
}

/** The first of some mount points that is a path, or below it. */
export function mountedIn(path: string, mountpoints: readonly string[]): string | undefined {
  return mountpoints.find((mount) => mount === path || mount.startsWith(`${path}/`));
}

function checkFlags({ path, kind }: Change, live: Looked): void {
  const found = flagged(path, kind === "attributes", live);
  if (found) throw refusal(path, found.why, `${found.cure} lets it be changed`);
}

/** Why flags of an inode (chattr(1)) keep a path from being changed, and the command that ends that. */
export function flagged(
  path: string,
  isAttributes: boolean,
  live: Looked,
): { why: string; cure: string } | undefined {
  for (const at of isAttributes ? [path] : [path, parentOf(path)]) {
    const stat = live.stat(at);
    if (!stat?.immutable && !stat?.appendOnly) continue;
    const flag = stat.immutable ? "immutable" : "append-only";
    const what = at === path ? "it" : `the directory "${printable(at)}"`;
    const cure = `chattr -${stat.immutable ? "i" : "a"} ${shellWord(at)}`;
    return { why: `${what} is ${flag}`, cure };
  }
  return undefined;
}

/** A rename stays on its mount, and on btrfs in its subvolume. */
function checkDevice({ path, kind }: Change, live: Looked, { places }: Preflight): void {
  if (kind === "attributes") return;
  const parent = live.stat(parentOf(path));
  const place = innermost(path, places, (one) => one.path);
  const root = place && live.stat(place.path);
  if (root && parent?.dev === root.dev && parent.mount === root.mount) return;
  throw refusal(
    path,
    "it lies on another file system or subvolume than its mount point",
    "mount the subvolume at its place",
  );
}

/** What is staged belongs to no project, and cannot be renamed into one that is handed down. */
function checkProject(
  { path, kind }: Change,
  { live }: Preflight,
  known: Map<string, number | undefined>,
): void {
  if (kind === "attributes" || kind === "deleted") return;
  const folder = parentOf(path);
  if (!known.has(folder)) known.set(folder, closedProject(live, folder));
  const id = known.get(folder);
  if (id === undefined || id === 0) return;
  throw refusal(
    path,
    `its directory belongs to the project ${id} of its file system's quotas, into which nothing can ` +
      "be renamed from outside",
    "let the directory hand down no project (xfs_quota -x, project -C), or change it by a post script",
  );
}

/** A file system may have become read-only since the union was mounted. */
function checkReadonly({ changes, live, places }: Preflight): void {
  const first = new Map<string, Change>();
  for (const change of changes) {
    const place = innermost(change.path, places, (one) => one.path)?.path ?? "/";
    if (!first.has(place)) first.set(place, change);
  }
  for (const [place, { path }] of first) {
    using root = live.below(place);
    if (!root.space().isReadonly) continue;
    throw refusal(path, `"${printable(place)}" is mounted read-only`, "mount it read-write");
  }
}

/** Why a change cannot be merged. */
export function refusal(path: string, why: string, hint: string): DiscoError {
  return new DiscoError(`Cannot merge "${printable(path)}": ${why}`, {
    hint: `${hint}; nothing has been changed`,
  });
}
