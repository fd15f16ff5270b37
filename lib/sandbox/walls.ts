/**
 * The walls of the sandbox, each by its name with the arguments of bubblewrap that build it, so that
 * a test can leave one out and show what it is for.
 *
 * @module
 */
import { lstat, mount, MS, readdir, readMounts, SyscallError } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import { cover } from "./cover.ts";

/** What each wall keeps apart. */
export const WALLS = {
  pid: "processes: the host's cannot be seen, traced or signalled, and all end with the script",
  ipc: "System V IPC and POSIX message queues",
  uts: "host and domain name",
  cgroup: "the view of control groups",
  network: "interfaces, routes, ports, abstract sockets (in a dry run)",
  session: "the controlling terminal",
  capabilities: "the powers of root over the kernel",
  seccomp: "system calls that namespaces do not stop",
  proc: "settings in /proc that ask for root's user id only",
  sys: "settings in /sys, debugfs, tracefs",
  devices: "device nodes, the host's and new ones",
  volatile: "what listens or lies in /run, /tmp and /dev/shm",
  service: "DISCO's commands, state and parameters, and the ball, which are read-only",
  descriptors: "files that DISCO has open",
  cores: "the host's handler of crashes",
  places: "links that a script has left where the next one's sandbox is mounted",
  covers: "locks, leases and watches on files of the host that are shown",
  landlock:
    "files outside of the union, whatever descriptor leads there; abstract sockets, signals",
} as const;

/** The name of a wall. */
export type Wall = keyof typeof WALLS;

/** What a script may do (capabilities(7)), and no more: it can own and change files. */
const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETUID",
  "SETGID",
  "SETPCAP",
  "SETFCAP",
  "SYS_CHROOT",
  "NET_BIND_SERVICE",
  "AUDIT_WRITE",
];

/** Arguments of bubblewrap for the walls that are not about the file system. */
export function privateWalls(
  { network, interactive, filter }: {
    /** It shares that of whatever starts it: the host's, or the image of it. */
    network: boolean;
    interactive: boolean;
    filter: number;
  },
): Partial<Record<Wall, string[]>> {
  return {
    // Without a reaper in between: bubblewrap then ends only after everything in the sandbox has.
    pid: ["--unshare-pid", "--as-pid-1"],
    ipc: ["--unshare-ipc"],
    uts: ["--unshare-uts"],
    cgroup: ["--unshare-cgroup-try"],
    network: network ? [] : ["--unshare-net"],
    session: interactive ? [] : ["--new-session"],
    capabilities: [
      ...["--cap-drop", "ALL"],
      ...CAPABILITIES.flatMap((cap) => ["--cap-add", `CAP_${cap}`]),
    ],
    seccomp: ["--seccomp", String(filter)],
  };
}

/**
 * Parts of /proc through which root could change the host: the files there ask for its user id only,
 * not for a capability. (bubblewrap covers some by itself, but not /proc/sys.)
 */
const PROC_READ_ONLY = [
  "acpi",
  "asound",
  "bus",
  "fs",
  "irq",
  "mtrr",
  "scsi",
  "sys",
  "sysrq-trigger",
];
/** Parts that tell of the host what nobody in the sandbox needs. */
const PROC_MASKED = [
  "kcore",
  "keys",
  "key-users",
  "kmsg",
  "latency_stats",
  "sched_debug",
  "timer_list",
];

/**
 * Mount a /proc for what the sandbox shows of the host's settings. Since Linux 5.8 each mount has
 * inodes of its own, so that a lock or a lease there is not felt by the host.
 */
export function layProc(folder: string): void {
  try {
    mount("disco-proc", folder, "proc", MS.NOSUID | MS.NODEV | MS.NOEXEC);
  } catch (error) {
    // Without root only that of an own process namespace can be mounted: the host's is shown.
    if (!(error instanceof SyscallError)) throw error;
  }
}

/** The same for every sandbox of a union. */
const guards = new WeakMap<Union, string[]>();

/** Arguments that guard the new /proc; to come after `--proc`. */
export function guardProc(union: Union, isCovered: boolean): string[] {
  const known = isCovered ? guards.get(union) : undefined;
  if (known) return known;
  const found = findGuards(union, isCovered);
  if (isCovered) guards.set(union, found);
  return found;
}

function findGuards(union: Union, isCovered: boolean): string[] {
  const own = union.folder("proc");
  const proc = isCovered && lstat(`${own}/sys`) ? own : "/proc";
  const isThere = (name: string) => lstat(`${proc}/${name}`) !== undefined;
  const nothing = `${union.folder("devices")}/null`;
  return [
    ...PROC_READ_ONLY.filter(isThere).flatMap((n) => ["--ro-bind", `${proc}/${n}`, `/proc/${n}`]),
    ...PROC_MASKED.filter(isThere).flatMap((n) => ["--ro-bind", nothing, `/proc/${n}`]),
  ];
}

/** File systems in /sys whose files act, or tell of the host, when they are only read. */
const SYS_MASKED = ["fs/bpf", "fs/pstore", "kernel/config", "kernel/debug", "kernel/tracing"];

/**
 * Make a view of /sys with what is mounted in it, once for all sandboxes; some parts are empty. None
 * of its files is the host's own inode.
 */
export function laySys(union: Union): void {
  const folder = union.folder("sys");
  cover(union, "/sys", folder);
  const isMasked = (path: string) =>
    SYS_MASKED.some((part) => `${path}/`.startsWith(`/sys/${part}/`));
  const inner = readMounts().map(({ path }) => path).filter((path) => path.startsWith("/sys/"));
  for (const path of new Set(inner)) {
    const at = folder + path.slice("/sys".length);
    if (isMasked(path) || !lstat(at)) continue;
    cover(union, path, at);
  }
  for (const part of SYS_MASKED) {
    const at = `${folder}/${part}`;
    if (lstat(at)?.type !== "directory" || isEmpty(at)) continue;
    mount(union.folder("empty"), at, "", MS.BIND);
  }
}

/** A folder that only root may list counts as filled: a dry run without root meets the host's. */
function isEmpty(folder: string): boolean {
  try {
    return readdir(folder).length === 0;
  } catch (error) {
    if (error instanceof SyscallError && error.code === "EACCES") return false;
    throw error;
  }
}
