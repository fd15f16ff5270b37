/**
 * The seccomp filter of the helpers (seccomp(2)): a list of what is refused. It closes the ways out
 * of the mounts that their one capability would open (file handles), everything that makes
 * namespaces or loads programs into the kernel, and sockets but those of the internet: the abstract
 * ones of the host can be reached wherever its network can.
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
  loadArgument,
  onEqual,
  onNewNamespace,
  seccompProgram,
  whereEqual,
} from "../posix/seccomp.ts";

/** Calls that are refused with EPERM. */
const DENIED: Readonly<Record<string, CallNumbers>> = {
  add_key: [248, 217],
  bpf: [321, 280],
  fsopen: [430, 430],
  io_uring_setup: [425, 425],
  keyctl: [250, 219],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  pidfd_getfd: [438, 438],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  request_key: [249, 218],
  setns: [308, 268],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
};

const CLONE = [56, 220] as const;
const CLONE3 = [435, 435] as const;
const SOCKET = [41, 198] as const;
/** AF_INET, AF_INET6, and AF_NETLINK, by which glibc asks for addresses. */
const FAMILIES = [2, 10, 16];

const REFUSE = failWith(E.PERM);
const MISS = failWith(E.NOSYS);
const NO_FAMILY = failWith(E.AFNOSUPPORT);

/** The filter, as an array of struct sock_filter. */
export function helperFilter(
  architecture: Architecture = Deno.build.arch,
): Uint8Array<ArrayBuffer> {
  return seccompProgram(architecture, MISS, (column) => [
    ...Object.values(DENIED).flatMap((numbers) => onEqual(numbers[column], REFUSE)),
    // A filter cannot see its arguments; glibc falls back to clone(2).
    ...onEqual(CLONE3[column], MISS),
    ...whereEqual(CLONE[column], [...onNewNamespace(REFUSE), give(ALLOW)]),
    ...whereEqual(SOCKET[column], [
      loadArgument(0),
      ...FAMILIES.flatMap((family) => onEqual(family, ALLOW)),
      give(NO_FAMILY),
    ]),
  ]);
}
