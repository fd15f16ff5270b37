/**
 * The seccomp filter of the helpers (seccomp(2)): a list of what is refused. It closes the ways out
 * of the mounts that their one capability would open (file handles), everything that makes
 * namespaces or loads programs into the kernel, and sockets but those of the internet: the abstract
 * ones of the host can be reached wherever its network can.
 *
 * @module
 */

/** Numbers of system calls that are refused with EPERM: [x86_64, aarch64] (asm/unistd.h). */
const DENIED: Readonly<Record<string, readonly [number, number]>> = {
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
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). */
const NEW_NAMESPACES = 0x7e020000;
/** AF_INET, AF_INET6, and AF_NETLINK, by which glibc asks for addresses. */
const FAMILIES = [2, 10, 16];

const ARCHITECTURES = { x86_64: [0xc000003e, 0], aarch64: [0xc00000b7, 1] } as const;
/** Calls of the x32 ABI have this bit. */
const X32 = 0x40000000;

const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const EPERM = ERRNO | 1;
const ENOSYS = ERRNO | 38;
const EAFNOSUPPORT = ERRNO | 97;

/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENT_0 = 16;

type Instruction = readonly [code: number, yes: number, no: number, value: number];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const give = (value: number): Instruction => [0x06, 0, 0, value];
const onEqual = (value: number, then: Instruction[]): Instruction[] => [
  [0x15, 0, then.length, value],
  ...then,
];

/** The filter, as an array of struct sock_filter. */
export function helperFilter(
  architecture: keyof typeof ARCHITECTURES = Deno.build.arch,
): Uint8Array<ArrayBuffer> {
  const [audit, column] = ARCHITECTURES[architecture];
  return encode([
    load(ARCHITECTURE),
    // A program of another architecture has other numbers: none of its calls is let through.
    [0x15, 1, 0, audit],
    give(ENOSYS),
    load(NUMBER),
    ...(architecture === "x86_64" ? [[0x35, 0, 1, X32], give(ENOSYS)] as Instruction[] : []),
    ...Object.values(DENIED).flatMap((numbers) => onEqual(numbers[column], [give(EPERM)])),
    // A filter cannot see its arguments; glibc falls back to clone(2).
    ...onEqual(CLONE3[column], [give(ENOSYS)]),
    ...onEqual(CLONE[column], [
      load(ARGUMENT_0),
      [0x45, 0, 1, NEW_NAMESPACES],
      give(EPERM),
      give(ALLOW),
    ]),
    ...onEqual(SOCKET[column], [
      load(ARGUMENT_0),
      ...FAMILIES.flatMap((family) => onEqual(family, [give(ALLOW)])),
      give(EAFNOSUPPORT),
    ]),
    give(ALLOW),
  ]);
}

function encode(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, yes, no, value], i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, yes);
    view.setUint8(i * 8 + 3, no);
    view.setUint32(i * 8 + 4, value >>> 0, true);
  });
  return bytes;
}
