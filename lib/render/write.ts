/**
 * One entry of a tree, made as it should be, and left alone where it already is: what is not
 * touched is not copied up by the overlay, and is not a change. Content is never written in place: a
 * new file is renamed over the old one, of which nothing is copied up.
 *
 * @module
 */
import { ChangedError, type Inode, sameInode } from "../door/mod.ts";
import { machineView, type Stat, withFile } from "../posix/mod.ts";
import { hasAttributes, mayChange, putAttributes } from "./attributes.ts";
import type { Job, Wanted } from "./job.ts";
import { refuseInnerMounts, refuseMount } from "./mounts.ts";
import { parentOf } from "./resolve.ts";

const run = crypto.randomUUID().slice(0, 8);
let count = 0;

/** The content of a regular file that is to be written. */
export interface FileContent {
  readonly size: number;
  /** Nanoseconds since the epoch; without it, a written file has the time at which it was written. */
  readonly mtime?: bigint;
  /** Whether an open file of this size has this content already. */
  holds(fd: number, path: string): boolean;
  /** Write to a new, empty file. */
  write(fd: number, path: string): void;
}

/** Make a regular file; returns whether anything was written. */
export function putFile(job: Job, real: string, wanted: Wanted, source: FileContent): boolean {
  const { tree } = job;
  const live = tree.stat(real);
  const isSame = live?.type === "file" && live.size === source.size &&
    (live.size === 0 || withFile(tree.openFile(real, live), (fd) => source.holds(fd, real)));
  if (isSame && hasAttributes(live, wanted)) return false;
  if (isSame && isTrusted(live, wanted) && mayChange(job, real, live, wanted)) {
    return putAttributes(job, real, live, wanted);
  }
  replace(job, real, live, (temporary) => {
    const made = tree.holdNew(temporary);
    return filled(made, () => {
      source.write(made.fd, real);
      made.chown(wanted.uid, wanted.gid);
      made.chmod(wanted.mode);
      if (source.mtime !== undefined) made.utimens(source.mtime);
    });
  });
  return true;
}

/** The owner of the file may have it open, and could still write to it when it belongs to another. */
function isTrusted({ uid }: Stat, wanted: Wanted): boolean {
  return uid === 0 || uid === wanted.uid || !machineView().hasOwners;
}

/** Make a symlink; returns whether anything was written. */
export function putSymlink(job: Job, real: string, target: string, wanted: Wanted): boolean {
  const { tree } = job;
  const live = tree.stat(real);
  if (live?.type === "symlink" && tree.readlink(real) === target) {
    if (hasAttributes(live, wanted)) return false;
    if (mayChange(job, real, live, wanted)) return putAttributes(job, real, live, wanted);
  }
  replace(job, real, live, (temporary) => {
    tree.symlink(target, temporary);
    const made = tree.hold(temporary);
    return filled(made, () => {
      if (made.stat.type !== "symlink" || made.readlink() !== target) throw new ChangedError(real);
      made.chown(wanted.uid, wanted.gid);
    });
  });
  return true;
}

/** Make a directory where none is; a file there gives way. */
export function makeDirectory(job: Job, real: string, wanted: Wanted): void {
  const { tree } = job;
  const live = tree.stat(real);
  if (live) {
    refuseMount(tree, real, live);
    tree.unlink(real);
  }
  tree.mkdir(real, 0o700);
  using made = tree.hold(real);
  if (made.stat.type !== "directory") throw new ChangedError(real);
  made.chown(wanted.uid, wanted.gid);
  made.chmod(wanted.mode);
}

function filled(made: Inode, fill: () => void): Inode {
  try {
    fill();
    return made;
  } catch (error) {
    made[Symbol.dispose]();
    throw error;
  }
}

/** Put what `make` makes under another name in the place of what is there. */
function replace(
  job: Job,
  real: string,
  live: Stat | undefined,
  make: (temporary: string) => Inode,
): void {
  const { tree } = job;
  if (live) refuseMount(tree, real, live);
  if (live?.type === "directory") {
    job.refused.refuse(real, true);
    refuseInnerMounts(tree, real, live);
  }
  const temporary = temporaryName(real);
  try {
    using made = make(temporary);
    if (live?.type === "directory") makeWay(job, real);
    tree.rename(temporary, real);
    const now = tree.stat(real);
    if (!now || !sameInode(now, made.stat)) throw new ChangedError(real);
  } catch (error) {
    tree.remove(temporary);
    throw error;
  }
}

function makeWay({ tree }: Job, real: string): void {
  // Without root overlayfs renames no directory that was there before.
  if (!machineView().changesOthers) return tree.remove(real);
  const aside = temporaryName(real);
  tree.rename(real, aside, "noreplace");
  tree.remove(aside);
}

function temporaryName(real: string): string {
  const name = real.slice(real.lastIndexOf("/") + 1);
  // A name has at most 255 bytes, and a character up to four.
  const shown = name.length <= 50 ? name : "";
  return `${parentOf(real)}/.${shown}.disco-${run}${count++}`;
}
