/**
 * Every kind of path that DISCO itself, as root, uses on a tree that is not its own, as `strace -f -e
 * trace=%file` shows it for whole dances; and what the owner of a directory on the way could do with
 * a plain path. Each has a row in `attacks.ts`, a race, or a case of the corpus. Run this file to
 * print it.
 *
 * @module
 */

/** Calls on one kind of path. */
export interface Reach {
  /** Which names: `UNION` is where the union is mounted. */
  readonly path: string;
  readonly by: string;
  /** The calls; those in capitals follow a link in the last place as well. */
  readonly calls: string;
  /** Who can change a directory on the way. */
  readonly owner: string;
  readonly danger: string;
}

/** What a ball's scripts can change while DISCO does not look, or a shell at any time. */
const BALL = "the ball (and a shell beside a stage)";
const USER = "a local user";

/** The table. */
export const REACHES: readonly Reach[] = [
  {
    path: "UNION/<mount point>",
    by: "union/union.ts, snapshot.ts: an overlay or bind for each place",
    calls: "MOUNT, MOUNT (remount, bind), statx",
    owner: BALL,
    danger: "covers a folder of the host in DISCO's own namespace; ENOENT, ENOTDIR, ELOOP crash",
  },
  {
    path: "UNION/<own places>: /proc /sys /dev /run /tmp, /var/disco, /etc/disco, .disco",
    by: "sandbox/arrived.ts, walls.ts, real_path.ts; bwrap's mounts",
    calls: "statx, readlinkat, MOUNT (in bwrap)",
    owner: BALL,
    danger: "bwrap mounts over, or makes folders in, what a link leads to",
  },
  {
    path: "UNION/<delivered path> and its parents",
    by: "render/place.ts, write.ts, own.ts, same.ts, permissions.ts",
    calls: "statx, openat (O_CREAT), mkdirat, symlinkat, fchownat, FCHMODAT, utimensat, renameat",
    owner: `${BALL}; ${USER}, whose link on the way is the union's, too`,
    danger: "writes outside of the union, or (in a live run) where a user's link leads, as root",
  },
  {
    path: "UNION/<glob of permissions>",
    by: "render/permissions.ts",
    calls: "openat (list), statx, fchownat, FCHMODAT",
    owner: BALL,
    danger: "lists and changes what a link leads to; time of a glob with many stars",
  },
  {
    path: "UNION/etc/passwd, group",
    by: "render/accounts.ts, changes/accounts.ts",
    calls: "statx, openat",
    owner: BALL,
    danger: "reads the host's, a FIFO (waits), a device, a sparse file of 3 GB; /etc is a link",
  },
  {
    path: "UNION/<purged path>",
    by: "dance/orphans.ts, orphans/update.ts, find.ts",
    calls: "statx, unlinkat, rmdir of parents, openat and hash",
    owner: `${BALL}; ${USER}`,
    danger: "deletes a file of the host, in a dry run",
  },
  {
    path: "UNION/<changed path>",
    by: "changes/compute.ts, content.ts, entry.ts; check/compare.ts",
    calls: "statx, openat (list, read), llistxattr, lgetxattr, readlinkat",
    owner: BALL,
    danger: "shows files of the host; opens /proc/kmsg or a FIFO; ELOOP, ENOTDIR crash",
  },
  {
    path: "UNION/<changed path>, copied",
    by: "merge/copy.ts",
    calls: "openat WITHOUT O_NONBLOCK, readlinkat, llistxattr, linkat",
    owner: BALL,
    danger: "merges what a link leads to; waits for a FIFO",
  },
  {
    path: "scratch/upper/<n>/<place>/<path>",
    by: "changes/touched.ts, union.ts (isRootTouched, forget)",
    calls: "openat (list), llistxattr, statx, unlinkat",
    owner: BALL,
    danger: "depth of 20,000; a layer that another process changes while it is walked",
  },
  {
    path: "scratch/{out,effects,ask,volatile}/<name>",
    by: "sandbox/service.ts, oracle.ts, arrived.ts, effects/record.ts, metrics",
    calls: "openat, statx, unlinkat, mkdirat, FCHMODAT",
    owner: "the ball: these folders are writable in the sandbox",
    danger: "huge, many, sparse, FIFOs, links, names with newlines; figures of 3 GB",
  },
  {
    path: "<changed path> of the live root, before",
    by: "changes/compute.ts, content.ts; union/copies.ts",
    calls: "statx, openat, llistxattr, lgetxattr, readlinkat, openat (list)",
    owner: USER,
    danger: "reads /etc/shadow, /proc/kmsg or a FIFO in the place of the user's file; shows it",
  },
  {
    path: "<changed path> of the live root",
    by: "merge/live.ts (parents by openat2), prepare.ts and conflict.ts (by plain path)",
    calls: "statx, openat, fchownat, FCHMODAT, lsetxattr, utimensat, renameat2; linkat",
    owner: USER,
    danger: "mode of root's file changed between lstat and chmod; another file's attributes before",
  },
  {
    path: "<live mount point>",
    by: "union/places.ts, overlay.ts, merge/area.ts, statfs in space.ts and preflight.ts",
    calls: "statx, MOUNT (source), llistxattr, STATFS, UTIMENSAT",
    owner: `${USER} (FUSE, a parent of the mount point)`,
    danger: "EACCES of FUSE ends every dance; a stopped FUSE server lets every call wait",
  },
  {
    path: "<live mount point>/.disco/<id>/slots/<n>",
    by: "merge/area.ts, prepare.ts, copy.ts, apply.ts, recover.ts, generations.ts, rollback.ts",
    calls: "mkdirat, FCHMODAT, openat, fchownat, renameat2, unlinkat (whole trees), OPENAT (sync)",
    owner: `${USER}, where the root of the file system is the user's`,
    danger: "any tree is removed; .disco is a file: no live dance; staged files replaced",
  },
  {
    path: "<live folder> whose time is kept",
    by: "merge/area.ts (times.json), apply.ts (setTime)",
    calls: "UTIMENSAT (a mount point may have gone), statx",
    owner: USER,
    danger: "the times of another folder",
  },
  {
    path: "<path of the last delivery>",
    by: "state/delivered.ts, orphans/update.ts, after the merge",
    calls: "statx",
    owner: USER,
    danger: "a wrong record, and with it a wrong purge",
  },
  {
    path: "<working directory of an effect>, post scripts",
    by: "effects/carry_out.ts",
    calls: "STAT, CHDIR (of the program)",
    owner: USER,
    danger: "root's command runs in a folder that the user chose",
  },
  {
    path: "/etc/resolv.conf and what it leads to",
    by: "sandbox/bubblewrap.ts, real_path.ts",
    calls: "statx, readlinkat, MOUNT (bwrap --ro-bind)",
    owner: "root; with --root the owner of the image",
    danger: "a file of /run is shown to the ball",
  },
  {
    path: "<program>: sh, prlimit, bwrap, unshare, nsenter, rsync, diff, losetup",
    by: "run.ts, supervise.ts, find_program.ts",
    calls: "STAT, EXECVE by PATH, in DISCO's namespace",
    owner: "whoever gets a mount there",
    danger: "the ball's program runs as root on the host",
  },
  {
    path: "/var/disco/{fetching,localstore,universe}/...",
    by: "transport/*, params/*, ball/*; and rsync",
    calls: "everything",
    owner: "the server, while rsync writes",
    danger: "names with .., links, devices, setuid, long, many, huge, sparse",
  },
  {
    path: "report --html FILE, the textfile collector's folder, ball init",
    by: "files/write_chosen.ts, ball/skeleton.ts",
    calls: "REALPATH, OPEN (O_CREAT), CHMOD, RENAME",
    owner: USER,
    danger: "writes where a user's link leads, as root",
  },
  {
    path: "--root DIR and --state DIR: DIR/etc/disco, DIR/var/disco, DIR/run/disco",
    by: "context/*, every module of DISCO's own folders",
    calls: "everything",
    owner: "the owner of the image or folder",
    danger: "DIR/var is a link to /var: the host's state",
  },
  {
    path: "/sys/fs/cgroup/disco-*",
    by: "sandbox/cgroup.ts",
    calls: "mkdir, open, rmdir",
    owner: "another dance",
    danger: "removes or kills the other dance's groups",
  },
];

if (import.meta.main) {
  const head = ["path", "by", "calls (CAPITALS follow the last link, too)", "who owns the way"];
  const rows = REACHES.map((
    { path, by, calls, owner, danger },
  ) => [path, by, calls, owner, danger]);
  const all = [[...head, "with a plain path"], [...head, ""].map(() => "---"), ...rows];
  console.log(all.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}
