/**
 * Owner and mode of what is in a tree already.
 *
 * @module
 */
import { ChangedError } from "../door/mod.ts";
import { machineView, type Stat } from "../posix/mod.ts";
import type { Job, Wanted } from "./job.ts";
import { makeOwn } from "./own.ts";
import { parentOf } from "./resolve.ts";

/** Whether owner and mode are as wanted. A symlink has no mode. */
export function hasAttributes(live: Stat, wanted: Wanted): boolean {
  return !differsInOwner(live, wanted) && !differsInMode(live, wanted);
}

/** Set owner and mode where they differ; returns whether they did. */
export function putAttributes(job: Job, real: string, live: Stat, wanted: Wanted): boolean {
  if (hasAttributes(live, wanted)) return false;
  const { tree } = job;
  const owner = differsInOwner(live, wanted);
  // A change of owner may have cleared setuid and setgid.
  const mode = differsInMode(live, wanted) ||
    (owner && live.type !== "symlink" && (wanted.mode & 0o6000) !== 0);
  if (mode && !machineView().changesOthers) {
    makeOwn(tree, real, live);
    using held = tree.hold(real);
    held.chmod(wanted.mode);
    return true;
  }
  using held = tree.hold(real, live);
  // The number of names and the owner count as they are now.
  if (!mayChange(job, real, held.stat, wanted)) throw new ChangedError(real);
  if (owner) held.chown(wanted.uid, wanted.gid);
  if (mode) held.chmod(wanted.mode);
  return true;
}

/**
 * Whether an inode may get another owner or mode because of the name that it is found at. Where
 * others than root make names, a file with several may be a hard link to any file (link(2)), and a
 * link that became root's would be followed from then on.
 */
export function mayChange(job: Job, real: string, live: Stat, wanted: Wanted): boolean {
  return whyNotChange(job, real, live, wanted) === undefined;
}

/** Like {@linkcode mayChange}: the reason why not, or undefined. */
export function whyNotChange(
  job: Job,
  real: string,
  { type, nlink, uid }: Stat,
  wanted: Wanted,
): string | undefined {
  if (type === "directory" || !machineView().hasOwners) return undefined;
  const parent = job.tree.stat(parentOf(real));
  if (!parent || isAloneIn(0, parent)) return undefined;
  const where = "in a directory where others than root make names";
  if (type === "symlink" && uid !== 0 && uid !== wanted.uid) {
    return `it is a symlink of user ${job.userName(uid)} ${where}`;
  }
  if (nlink === 1 || (uid === wanted.uid && isAloneIn(uid, parent))) return undefined;
  return `it has ${nlink} names, ${where}: it may be any file of the system`;
}

/** Whether nobody else makes names there. The mode of the group is the widest of an ACL (acl(5)). */
function isAloneIn(uid: number, { uid: owner, mode }: Stat): boolean {
  return owner === uid && (mode & 0o022) === 0;
}

function differsInOwner(live: Stat, wanted: Wanted): boolean {
  return live.uid !== wanted.uid || live.gid !== wanted.gid;
}

function differsInMode(live: Stat, wanted: Wanted): boolean {
  return live.type !== "symlink" && live.mode !== wanted.mode;
}
