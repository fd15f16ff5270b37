/**
 * The seccomp filter of the sandbox: refuses what namespaces do not stop, or what only a host needs
 * (seccomp(2); the idea is that of container engines, as a list of what is denied).
 *
 * @module
 */
import { E } from "../posix/errno.ts";
import {
  ALLOW,
  type Architecture,
  type CallNumbers,
  failWith,
  give,
  type Instruction,
  loadArgument,
  onEqual,
  onNewNamespace,
  seccompProgram,
  whereEqual,
} from "../posix/seccomp.ts";

/** System calls by their names. */
type Calls = Readonly<Record<string, CallNumbers>>;

/** Calls that are refused with EPERM. */
const DENIED: Calls = {
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  delete_module: [176, 106],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  perf_event_open: [298, 241],
  pivot_root: [155, 41],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  request_key: [249, 218],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
};

/**
 * Calls that are missing in the sandbox (ENOSYS), because what they take is counted by user, and the
 * sandbox's root is the host's: 128 instances of inotify, 128 groups of fanotify, 65,536 operations
 * of aio for all (proc_sys_fs(5)). Programs then do without: tail(1) looks again and again.
 */
const MISSING: Calls = {
  fanotify_init: [300, 262],
  // A number that no system call has, where the architecture has only the newer call.
  inotify_init: [253, 0xffffffff],
  inotify_init1: [294, 26],
  io_setup: [206, 0],
};

/** Calls whose arguments decide, and `clone3`, whose arguments a filter cannot see. */
const SPECIAL = {
  clone: [56, 220],
  clone3: [435, 435],
  unshare: [272, 97],
  socket: [41, 198],
  socketpair: [53, 199],
  ioctl: [16, 29],
} as const;

/** Calls that send a signal to the process or thread of their first argument; and where the signal is. */
const SIGNALLING: Readonly<
  Record<string, readonly [x86_64: number, aarch64: number, signal: 1 | 2]>
> = {
  kill: [62, 129, 1],
  tkill: [200, 130, 1],
  tgkill: [234, 131, 2],
  rt_sigqueueinfo: [129, 138, 1],
  rt_tgsigqueueinfo: [297, 240, 2],
};
/**
 * Process 1 of the sandbox is DISCO's: the kernel drops what is sent to it, and says that it was sent
 * (pid_namespaces(7)). Signal 0 only asks whether it is there.
 */
const INIT = 1;

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (sys/socket.h); no other one is there. */
const [UNIX, INET, INET6, NETLINK] = [1, 2, 10, 16] as const;
/** Of AF_INET and AF_INET6: DCCP, L2TP, SCTP, for each of which the kernel would load a module. */
const REFUSED_PROTOCOLS = [33, 115, 132];
/** NETLINK_AUDIT: its records are the host's, whatever namespaces there are. */
const AUDIT = 9;
/** TIOCSTI, TIOCLINUX: type into a terminal (ioctl_tty(2)). */
const REFUSED_IOCTLS = [0x5412, 0x541c];

const REFUSE = failWith(E.PERM);
const MISS = failWith(E.NOSYS);
const NO_PROTOCOL = failWith(E.PROTONOSUPPORT);
const NO_FAMILY = failWith(E.AFNOSUPPORT);

/** Programs take these errors for a kernel without such sockets: libaudit for one without audit. */
const ONLY_KNOWN_SOCKETS: readonly Instruction[] = [
  loadArgument(0),
  ...onEqual(UNIX, ALLOW),
  ...whereEqual(NETLINK, [
    loadArgument(2),
    ...onEqual(AUDIT, NO_PROTOCOL),
    give(ALLOW),
  ]),
  ...[INET, INET6].flatMap((family) =>
    whereEqual(family, [
      loadArgument(2),
      ...REFUSED_PROTOCOLS.flatMap((protocol) => onEqual(protocol, NO_PROTOCOL)),
      give(ALLOW),
    ])
  ),
  give(NO_FAMILY),
];

/**
 * The filter for an architecture, as an array of struct sock_filter.
 *
 * @param pretended Calls that do nothing, and succeed.
 */
export function seccompFilter(
  architecture: Architecture = Deno.build.arch,
  pretended: Calls = {},
): Uint8Array<ArrayBuffer> {
  return seccompProgram(architecture, MISS, (column) => [
    ...Object.values(DENIED).flatMap((numbers) => onEqual(numbers[column], REFUSE)),
    ...Object.values(MISSING).flatMap((numbers) => onEqual(numbers[column], MISS)),
    ...Object.values(pretended).flatMap((numbers) => onEqual(numbers[column], failWith(0))),
    // glibc falls back to clone(2).
    ...onEqual(SPECIAL.clone3[column], MISS),
    ...forCall(SPECIAL.clone[column], onNewNamespace(REFUSE)),
    ...forCall(SPECIAL.unshare[column], onNewNamespace(REFUSE)),
    ...forCall(SPECIAL.socket[column], ONLY_KNOWN_SOCKETS),
    ...forCall(SPECIAL.socketpair[column], ONLY_KNOWN_SOCKETS),
    ...forCall(SPECIAL.ioctl[column], [
      loadArgument(1),
      ...REFUSED_IOCTLS.flatMap((request) => onEqual(request, REFUSE)),
    ]),
    ...Object.values(SIGNALLING).flatMap((call) =>
      forCall(call[column], [
        loadArgument(0),
        ...whereEqual(INIT, [loadArgument(call[2]), ...onEqual(0, ALLOW), give(REFUSE)]),
      ])
    ),
  ]);
}

/** Instructions for one call, which end with leave to make it. */
function forCall(number: number, instructions: readonly Instruction[]): Instruction[] {
  return whereEqual(number, [...instructions, give(ALLOW)]);
}
