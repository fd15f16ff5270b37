/**
 * What becomes of each mount below the root: a union of its own, a read-only bind, or nothing.
 *
 * @module
 */
import { isMissing, Tree } from "../door/mod.ts";
import { machineView, MS, SyscallError } from "../posix/mod.ts";
import { type MountInfo, readMounts } from "../posix/mountinfo.ts";

/** A mount of the live root, as the union treats it. */
export interface Place {
  /** As seen from inside the root: `/`, `/boot`. */
  readonly path: string;
  /** Where it is on the live system. */
  readonly live: string;
  /**
   * `union`: catches writes. `readonly`: shown as it is, because it is read-only anyway.
   * `refused`: shown read-only although it could be written: a write there is not simulated.
   */
  readonly kind: "union" | "readonly" | "refused";
  /** Why a place is refused. */
  readonly reason: string;
  /**
   * What of it can be seen, `all` without it. `nothing`: an empty, read-only folder stands there.
   * `absent`: nothing is mounted there.
   */
  readonly shown?: "nothing" | "absent";
  /** The type of its file system; empty where that is not known. */
  readonly type: string;
  /** The number of the live mount in the namespace in which the places were read; null for `/`. */
  readonly mount: number | null;
  /** Which mount that was when the place was first mounted: numbers are given again. */
  readonly unique?: string;
  /** Mount flags of the original. */
  readonly flags: number;
  /** Nothing of the live root lies under it: what is needed of it is in the base layer. */
  readonly isBare?: boolean;
}

/** Places that the sandbox has for itself; what is left there is not merged. */
export const OWN_PLACES = ["/proc", "/sys", "/dev", "/run", "/tmp"] as const;

const REMOTE =
  /^(nfs4?|cifs|smb3|9p|ceph|glusterfs|afs|lustre|gpfs|ocfs2|gfs2|autofs|virtiofs|fuse(blk|\..*)?)$/;
const PSEUDO =
  /^(proc|sysfs|devtmpfs|devpts|cgroup2?|securityfs|debugfs|tracefs|pstore|bpf|mqueue|hugetlbfs|configfs|fusectl|binfmt_misc|rpc_pipefs|nsfs|efivarfs|selinuxfs)$/;

/** Whether a file system of this type is that of other machines or programs, which may not answer. */
export function isRemote(type: string): boolean {
  return REMOTE.test(type);
}

/** File systems that have no sockets. */
const SOCKETLESS = /^(v?fat|msdos|exfat|ntfs3?|iso9660|udf|hfs(plus)?)$/;

/** Whether no program of the host can listen on a file system of this type. */
export function holdsNoSockets(type: string): boolean {
  return SOCKETLESS.test(type);
}

/** The places of a live root as it is mounted now. */
export function livePlaces(root: string, hidden: readonly string[]): Place[] {
  return placesOf(root, readMounts(), hidden);
}

/**
 * The places below `root`, the root itself first, parents before children.
 *
 * @param hidden Folders of DISCO's own, whose mounts do not count.
 */
export function placesOf(
  root: string,
  mounts: readonly MountInfo[],
  hidden: readonly string[] = [],
): Place[] {
  const own = mounts.filter((m) => isBelow(root, m.path));
  const holder = own.find((m) => m.path === root) ?? closest(root, mounts);
  using live = new Tree(root);
  const places = [placeOf(live, root, "/", holder)];
  const skip = [...OWN_PLACES.map((p) => join(root, p)), ...hidden];
  for (const mount of own.toSorted((a, b) => a.path < b.path ? -1 : 1)) {
    if (mount.path === root || skip.some((s) => s === mount.path || isBelow(s, mount.path))) {
      continue;
    }
    const path = inside(root, mount.path);
    const above = places.find((p) => p.shown === "nothing" && isBelow(p.path, path));
    places.push(above ? leftOut(above, mount, path) : placeOf(live, mount.path, path, mount));
  }
  return places;
}

/** There is no way to it but through what is not looked at. */
function leftOut(above: Place, { path: live, type, id }: MountInfo, path: string): Place {
  const reason = `it is mounted in ${above.path}, which is not looked at`;
  return { path, live, kind: "refused", reason, shown: "absent", type, mount: id, flags: 0 };
}

/** Whether a path is the folder or lies in it. */
export function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/**
 * What becomes of one mount. Of a file system of other machines or programs only its type is looked
 * at: it may refuse, or not answer.
 */
export function placeOf(
  tree: Tree,
  live: string,
  path: string,
  mount: MountInfo | undefined,
): Place {
  const { type = "", options = [], superOptions = [] } = mount ?? {};
  const base = {
    path,
    live,
    flags: flagsOf(options),
    reason: "",
    type,
    mount: path === "/" ? null : mount?.id ?? null,
  };
  const refused = (reason: string) => ({ ...base, kind: "refused", reason }) as const;
  if (path === "/") return { ...base, kind: "union" };
  // Its links lead to the programs of the host, and out of every wall.
  if (PSEUDO.test(type)) {
    return { ...refused(`${type} belongs to the kernel`), shown: "nothing" };
  }
  const untouched = whyUntouched(type, superOptions);
  if (untouched !== undefined) return { ...refused(untouched), shown: "nothing" };
  if (options.includes("ro") || superOptions.includes("ro")) return { ...base, kind: "readonly" };
  if (isRemote(type)) return refused(`${type} is shared with other machines or programs`);
  const why = whyNoDirectory(tree, path);
  return why === undefined ? { ...base, kind: "union" } : refused(why);
}

/**
 * Why a file system is not even opened: a user's program could leave every question without an answer,
 * and then not even a signal ends the process that asks (fuse(4)).
 */
function whyUntouched(type: string, superOptions: readonly string[]): string | undefined {
  if (type === "autofs") return "autofs waits for what it mounts";
  const user = superOptions.find((option) => option.startsWith("user_id="))?.slice(8) ?? "0";
  if (!type.startsWith("fuse") || user === "0" || user === String(machineView().user?.uid)) {
    return undefined;
  }
  return `${type} is a program of user ${user}, which may never answer`;
}

function whyNoDirectory(tree: Tree, path: string): string | undefined {
  try {
    using spot = tree.spot(path);
    return spot.isDirectory ? undefined : "a file is mounted here";
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return isMissing(error) ? "it was unmounted meanwhile" : `it cannot be opened (${error.code})`;
  }
}

function flagsOf(options: readonly string[]): number {
  const known: Record<string, number> = { nosuid: MS.NOSUID, nodev: MS.NODEV, noexec: MS.NOEXEC };
  return options.reduce((flags, option) => flags | (known[option] ?? 0), 0);
}

/** The mount that a path lies in. */
export function closest(path: string, mounts: readonly MountInfo[]): MountInfo | undefined {
  return mounts.filter((m) => isBelow(m.path, path)).toSorted((a, b) =>
    b.path.length - a.path.length
  )[0];
}

/** A path of the live system as seen from inside the root. */
export function inside(root: string, path: string): string {
  return root === "/" ? path : path.slice(root.length) || "/";
}

/** Where a path of the root is on the live system. */
export function join(root: string, path: string): string {
  return root === "/" ? path : root + path;
}
