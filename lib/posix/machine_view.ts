/**
 * What this process may see and do of the trees of others: as root, or as root in a user namespace of
 * DISCO's own only (user_namespaces(7)). In such a namespace it is an ordinary user to everything that
 * the namespace does not own: files of others belong to nobody, in their owner's place it sees the
 * kernel's overflow id, and no capability counts for them.
 *
 * A user outside of such a namespace works in folders of the own account only (a fetch with `--state`,
 * a report): that process has root's view, because nothing there is hidden from it.
 *
 * The view is chosen once. All that differs between the two is a field here: no other code asks who
 * runs it, unless it talks about just that.
 *
 * @module
 */

/** The variable in which the user's own ids are handed into the namespace, as `uid:gid`. */
export const ROOTLESS = "DISCO_ROOTLESS";

/** An account by its numbers. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** What may be seen and done. */
export interface MachineView {
  /** The user who became root in a namespace of DISCO's own; undefined for root itself. */
  readonly user: User | undefined;
  /** Owners are seen as they are, can be set, and count in a comparison. */
  readonly hasOwners: boolean;
  /** Extended attributes of all namespaces can be read and set: ACLs, capabilities, labels. */
  readonly hasXattrs: boolean;
  /** Everything can be read: what the kernel denies (EACCES) is an error, and not a missing file. */
  readonly readsAll: boolean;
  /** In a union, files of others can be changed in place, and directories of others renamed. */
  readonly changesOthers: boolean;
  /** A place can be bound without what is mounted below it. */
  readonly partsMounts: boolean;
  /**
   * Overlayfs takes all of its features and keeps its marks in trusted.* (else `userxattr`), and places
   * of the live root are overlaid themselves, not copies of their directories.
   */
  readonly overlaysAsRoot: boolean;
  /** Something can be merged, so that it counts what others change meanwhile. */
  readonly merges: boolean;
  /** A file system in a file can be mounted. */
  readonly hasLoopDevices: boolean;
  /** Helpers can have accounts of their own. */
  readonly hasHelperAccounts: boolean;
  /** What other processes open can be watched (fanotify(7)). */
  readonly watchesOpens: boolean;
  /** Directories can be read without a new access time: only owner and root may (open(2)). */
  readonly keepsAccessTimes: boolean;
}

const AS_ROOT: MachineView = {
  user: undefined,
  hasOwners: true,
  hasXattrs: true,
  readsAll: true,
  changesOthers: true,
  partsMounts: true,
  merges: true,
  overlaysAsRoot: true,
  hasLoopDevices: true,
  hasHelperAccounts: true,
  watchesOpens: true,
  keepsAccessTimes: true,
};

const AS_USER: Omit<MachineView, "user"> = {
  hasOwners: false,
  hasXattrs: false,
  readsAll: false,
  changesOthers: false,
  partsMounts: false,
  merges: false,
  overlaysAsRoot: false,
  hasLoopDevices: false,
  hasHelperAccounts: false,
  watchesOpens: false,
  keepsAccessTimes: false,
};

let chosen: MachineView | undefined;

/** The view of this process. */
export function machineView(): MachineView {
  return chosen ??= choose();
}

function choose(): MachineView {
  const user = findUser();
  return user ? { ...AS_USER, user } : AS_ROOT;
}

/** The variable alone proves nothing: a process that has all ids is root. */
function findUser(): User | undefined {
  const ids = /^(\d+):(\d+)$/.exec(Deno.env.get(ROOTLESS) ?? "");
  if (!ids || Deno.uid() !== 0) return undefined;
  const map = Deno.readTextFileSync("/proc/self/uid_map").trim().split(/\s+/);
  return map.join(" ") === `0 ${ids[1]} 1`
    ? { uid: Number(ids[1]), gid: Number(ids[2]) }
    : undefined;
}
