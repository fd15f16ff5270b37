/**
 * One entry of a tree, made as it should be, and left alone where it already is: what is not
 * touched is not copied up by the overlay, and is no change. Content is never written in place: a
 * new file is renamed over the old one, of which nothing is copied up.
 *
 * @module
 */
import {
  chmod,
  isRootless,
  lchown,
  lstat,
  mkdir,
  readdir,
  readlink,
  removeTree,
  rename,
  type Stat,
  symlink,
  unlink,
} from "../posix/mod.ts";
import type { Job, Wanted } from "./job.ts";
import { makeOwn } from "./own.ts";
import { parentOf, PathError } from "./resolve.ts";

const run = crypto.randomUUID().slice(0, 8);
let count = 0;

/** The content of a regular file that is to be written. */
export interface Source {
  /** Whether the file that is there, of `size` bytes, has this content already. */
  holds(path: string, live: Stat): boolean;
  /** Write a new file at a path where nothing is, readable by root only. */
  write(path: string): void;
  /** Once owner and mode are set: what else belongs to it, such as the time. */
  finish?(path: string): void;
}

/** Make a regular file; returns whether anything was written. */
export function putFile(job: Job, real: string, wanted: Wanted, source: Source): boolean {
  const path = job.inside.at(real);
  const live = lstat(path);
  if (live?.type === "file" && source.holds(path, live)) {
    return putAttributes(path, live, wanted);
  }
  replace(job, real, live, (temporary) => {
    source.write(temporary);
    lchown(temporary, wanted.uid, wanted.gid);
    chmod(temporary, wanted.mode);
    source.finish?.(temporary);
  });
  return true;
}

/** Make a symlink; returns whether anything was written. */
export function putSymlink(job: Job, real: string, target: string, wanted: Wanted): boolean {
  const path = job.inside.at(real);
  const live = lstat(path);
  if (live?.type === "symlink" && readlink(path) === target) {
    return putAttributes(path, live, wanted);
  }
  replace(job, real, live, (temporary) => {
    symlink(target, temporary);
    lchown(temporary, wanted.uid, wanted.gid);
  });
  return true;
}

/** Make a directory where none is; a file there gives way. */
export function makeDirectory(job: Job, real: string, wanted: Wanted): void {
  const path = job.inside.at(real);
  const live = lstat(path);
  if (live) {
    refuseMount(job, real, live);
    unlink(path);
  }
  mkdir(path, wanted.mode);
  putAttributes(path, lstat(path)!, wanted);
}

/** Set owner and mode where they differ; returns whether they did. A symlink has no mode. */
export function putAttributes(path: string, live: Stat, wanted: Wanted): boolean {
  const owner = live.uid !== wanted.uid || live.gid !== wanted.gid;
  const mode = live.type !== "symlink" && live.mode !== wanted.mode;
  if (owner) lchown(path, wanted.uid, wanted.gid);
  // A change of owner may have cleared setuid and setgid.
  if (mode || (owner && live.type !== "symlink" && (wanted.mode & 0o6000) !== 0)) {
    if (isRootless()) makeOwn(path, live);
    chmod(path, wanted.mode);
  }
  return owner || mode;
}

function replace(
  job: Job,
  real: string,
  live: Stat | undefined,
  make: (temporary: string) => void,
): void {
  const path = job.inside.at(real);
  if (live) refuseMount(job, real, live);
  if (live?.type === "directory") {
    job.refuse(real, true);
    refuseInnerMounts(path, live.mount);
  }
  const temporary = job.inside.at(temporaryName(real));
  try {
    make(temporary);
    if (live?.type !== "directory") return rename(temporary, path);
    if (isRootless()) {
      // There overlayfs renames no directory that was there before.
      removeTree(path);
      return rename(temporary, path);
    }
    const aside = job.inside.at(temporaryName(real));
    rename(path, aside);
    rename(temporary, path);
    removeTree(aside);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}

function refuseMount(job: Job, real: string, live: Stat): void {
  if (lstat(job.inside.at(parentOf(real)))!.mount !== live.mount) {
    throw new PathError("it is a mount point");
  }
}

function refuseInnerMounts(directory: string, mount: bigint): void {
  for (const { name } of readdir(directory)) {
    const path = `${directory}/${name}`;
    const stat = lstat(path);
    if (stat && stat.mount !== mount) throw new PathError("it holds a mount point");
    if (stat?.type === "directory") refuseInnerMounts(path, mount);
  }
}

function temporaryName(real: string): string {
  const name = real.slice(real.lastIndexOf("/") + 1);
  // A name has at most 255 bytes, and a character up to four.
  const shown = name.length <= 50 ? name : "";
  return `${parentOf(real)}/.${shown}.disco-${run}${count++}`;
}
