/**
 * What a file is, without following a link, with times in nanoseconds.
 *
 * @module
 */
import { AT_FDCWD, check, errno, fail, libc } from "./libc.ts";
import { E, SyscallError } from "./errno.ts";
import { atPath } from "./long_path.ts";
import { cString } from "./names.ts";
import { machineView } from "./machine_view.ts";

/** The type of a directory's entry. */
export type FileType =
  | "file"
  | "directory"
  | "symlink"
  | "fifo"
  | "socket"
  | "block"
  | "char";

/** Metadata of one inode. */
export interface Stat {
  readonly type: FileType;
  /** Permission bits, with setuid, setgid and sticky: 0 to 07777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** Blocks of 512 bytes that are really there. */
  readonly blocks: number;
  /** Nanoseconds since the epoch. */
  readonly atime: bigint;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Nanoseconds since the epoch. */
  readonly ctime: bigint;
  /** When the inode was made, nanoseconds since the epoch; undefined where that is not kept. */
  readonly btime?: bigint | undefined;
  readonly ino: bigint;
  /** `major:minor` of the file system. */
  readonly dev: string;
  readonly nlink: number;
  /** `major:minor` of a device node, else `0:0`. */
  readonly rdev: string;
  /** `chattr +i`: nobody may change it. */
  readonly immutable: boolean;
  /** `chattr +a`: it may only grow. */
  readonly appendOnly: boolean;
  /** Identity of the mount it was reached through. */
  readonly mount: bigint;
}

const TYPES: Record<number, FileType> = {
  0o01: "fifo",
  0o02: "char",
  0o04: "directory",
  0o06: "block",
  0o10: "file",
  0o12: "symlink",
  0o14: "socket",
};

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const AT_STATX_DONT_SYNC = 0x4000;
const STATX_BASIC_STATS = 0x7ff;
const STATX_BTIME = 0x800;
const STATX_MNT_ID = 0x1000;
const EMPTY = cString("");
const buffer = new Uint8Array(256);
const view = new DataView(buffer.buffer);

/** Metadata of a path, or undefined where nothing is; links are not followed. */
export function lstat(path: string, dir = AT_FDCWD): Stat | undefined {
  try {
    return atPath(path, dir, (d, p) => statx(p, d, AT_SYMLINK_NOFOLLOW, path));
  } catch (error) {
    // A directory on the way to a very long path.
    if (error instanceof SyscallError && isMissing(error.errno)) return undefined;
    throw error;
  }
}

/** ENOENT and ENOTDIR; without root EACCES counts as missing, too. */
function isMissing(number: number): boolean {
  return number === E.NOENT || number === E.NOTDIR ||
    (number === E.ACCES && !machineView().readsAll);
}

/** Metadata of an open file. */
export function fstat(fd: number): Stat {
  return statx(EMPTY, fd, AT_EMPTY_PATH, `descriptor ${fd}`)!;
}

/** A mount; its number is given to another one when it is gone, its identity is not. */
export interface MountIdentity {
  /** As in mountinfo. */
  readonly mount: number;
  /** Empty before Linux 6.8, and where the file system refuses to be asked anything. */
  readonly unique: string;
}

/**
 * The mount that a descriptor is open in. Only the kernel's own table is looked at: the file system
 * is not asked, which may refuse, or not answer (statx(2), AT_STATX_DONT_SYNC).
 */
export function mountOf(fd: number): MountIdentity {
  const STATX_MNT_ID_UNIQUE = 0x4000;
  const ask = (mask: number) =>
    libc.statx(fd, EMPTY, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, mask, buffer);
  check(ask(0), "find the mount of", `descriptor ${fd}`);
  const mount = Number(view.getBigUint64(144, true));
  const isKnown = ask(STATX_MNT_ID_UNIQUE) === 0 &&
    (view.getUint32(0, true) & STATX_MNT_ID_UNIQUE) !== 0;
  return { mount, unique: isKnown ? String(view.getBigUint64(144, true)) : "" };
}

/** The type in a directory entry (`d_type`, the same numbers as in `st_mode`). */
export function typeOf(number: number): FileType | undefined {
  return TYPES[number];
}

function statx(
  path: Uint8Array<ArrayBuffer>,
  dir: number,
  flags: number,
  shown: string,
): Stat | undefined {
  if (libc.statx(dir, path, flags, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, buffer) < 0) {
    const number = errno();
    if (isMissing(number)) return undefined;
    fail("stat", shown);
  }
  // struct statx, linux/stat.h: the same offsets on every architecture.
  const mode = view.getUint16(28, true);
  return {
    type: TYPES[mode >> 12]!,
    mode: mode & 0o7777,
    nlink: view.getUint32(16, true),
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    ino: view.getBigUint64(32, true),
    size: Number(view.getBigUint64(40, true)),
    blocks: Number(view.getBigUint64(48, true)),
    atime: time(64),
    ctime: time(96),
    mtime: time(112),
    btime: (view.getUint32(0, true) & STATX_BTIME) !== 0 ? time(80) : undefined,
    rdev: `${view.getUint32(128, true)}:${view.getUint32(132, true)}`,
    dev: `${view.getUint32(136, true)}:${view.getUint32(140, true)}`,
    immutable: (buffer[8]! & 0x10) !== 0,
    appendOnly: (buffer[8]! & 0x20) !== 0,
    mount: view.getBigUint64(144, true),
  };
}

function time(at: number): bigint {
  return view.getBigInt64(at, true) * 1_000_000_000n + BigInt(view.getUint32(at + 8, true));
}
