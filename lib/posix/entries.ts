/**
 * Directory entries: list, make, link, rename, remove. Links are never followed at the last
 * component; `dir` is an open directory that relative paths begin at.
 *
 * @module
 */
import { close, O, open, openToLook } from "./file.ts";
import { AT_FDCWD, check, libc } from "./libc.ts";
import { atPath } from "./long_path.ts";
import { cString, nameOf } from "./names.ts";
import { machineView } from "./machine_view.ts";
import { type FileType, lstat, typeOf } from "./stat.ts";

/** A name in a directory; the type is undefined where the file system does not say. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType | undefined;
}

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_REMOVEDIR = 0x200;
const AT_SYMLINK_FOLLOW = 0x400;
const AT_EMPTY_PATH = 0x1000;
const EMPTY = cString("");
const chunk = new Uint8Array(65536);
const chunkView = new DataView(chunk.buffer);

/**
 * The entries of a directory, without `.` and `..`, in no order. Where there are more than `most`,
 * some more than that are listed, not all.
 */
export function readdir(path: string, dir = AT_FDCWD, most = Infinity): DirectoryEntry[] {
  const fd = openToLook(path, O.DIRECTORY, dir);
  try {
    return listFd(fd, path, most);
  } finally {
    close(fd);
  }
}

function listFd(fd: number, path: string, most = Infinity): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (;;) {
    if (entries.length > most) return entries;
    const length = Number(check(libc.getdents64(fd, chunk, BigInt(chunk.length)), "list", path));
    if (length === 0) return entries;
    // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, name.
    for (let at = 0; at < length;) {
      const next = at + chunkView.getUint16(at + 16, true);
      const name = nameOf(chunk.subarray(at + 19, chunk.indexOf(0, at + 19)));
      if (name !== "." && name !== "..") entries.push({ name, type: typeOf(chunk[at + 18]!) });
      at = next;
    }
  }
}

/** The target of a symbolic link. */
export function readlink(path: string, dir = AT_FDCWD): string {
  const bytes = new Uint8Array(4096);
  const length = check(
    atPath(path, dir, (d, p) => libc.readlinkat(d, p, bytes, 4096n)),
    "read the link",
    path,
  );
  return nameOf(bytes.subarray(0, Number(length)));
}

/** Make a directory; its mode is what the umask leaves, and what the directory above hands down. */
export function mkdirPlain(path: string, mode: number, dir = AT_FDCWD): void {
  check(atPath(path, dir, (d, p) => libc.mkdirat(d, p, mode)), "make the directory", path);
}

/** Make a directory with exactly this mode, whatever the umask and the directory above. */
export function mkdir(path: string, mode = 0o755, dir = AT_FDCWD): void {
  mkdirPlain(path, mode, dir);
  if (lstat(path, dir)?.mode !== mode) chmod(path, mode, dir);
}

/** Make a symbolic link. */
export function symlink(target: string, path: string, dir = AT_FDCWD): void {
  check(atPath(path, dir, (d, p) => libc.symlinkat(cString(target), d, p)), "make the link", path);
}

/** Give the inode of `from` a second name; `followed` is for a path of `/proc/thread-self/fd`. */
export function link(
  from: string,
  to: string,
  fromDir = AT_FDCWD,
  toDir = AT_FDCWD,
  followed = false,
): void {
  const flags = followed ? AT_SYMLINK_FOLLOW : 0;
  check(
    atPath(
      from,
      fromDir,
      (fd, f) => atPath(to, toDir, (td, t) => libc.linkat(fd, f, td, t, flags)),
    ),
    "link",
    to,
  );
}

/** Make a FIFO or device node; `rdev` is `major:minor`. */
export function mknod(
  path: string,
  type: "fifo" | "char" | "block" | "socket",
  mode: number,
  rdev = "0:0",
  dir = AT_FDCWD,
): void {
  const kind = { fifo: 0o010000, char: 0o020000, block: 0o060000, socket: 0o140000 }[type];
  check(
    atPath(path, dir, (d, p) => libc.mknodat(d, p, kind | mode, deviceNumber(rdev))),
    "make the node",
    path,
  );
  chmod(path, mode, dir);
}

/** glibc's makedev(3). */
function deviceNumber(rdev: string): bigint {
  const [major = 0n, minor = 0n] = rdev.split(":").map(BigInt);
  return (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) |
    ((major & ~0xfffn) << 32n);
}

/** Remove a name that is not a directory. */
export function unlink(path: string, dir = AT_FDCWD): void {
  check(unlinkat(path, dir, 0), "remove", path);
}

/** Remove an empty directory. */
export function rmdir(path: string, dir = AT_FDCWD): void {
  check(unlinkat(path, dir, AT_REMOVEDIR), "remove the directory", path);
}

function unlinkat(path: string, dir: number, flags: number): number {
  return atPath(path, dir, (d, p) => libc.unlinkat(d, p, flags));
}

/** How a rename treats what is at the new name. */
export type RenameMode = "replace" | "noreplace" | "exchange";

/** Rename in one step; `exchange` lets the two names change places. */
export function rename(
  from: string,
  to: string,
  mode: RenameMode = "replace",
  fromDir = AT_FDCWD,
  toDir = AT_FDCWD,
): void {
  const flags = { replace: 0, noreplace: 1, exchange: 2 }[mode];
  check(
    atPath(
      from,
      fromDir,
      (fd, f) => atPath(to, toDir, (td, t) => libc.renameat2(fd, f, td, t, flags)),
    ),
    "rename",
    to,
  );
}

/** Set the permission bits of something that is not a symbolic link; a link is not followed. */
export function chmod(path: string, mode: number, dir = AT_FDCWD): void {
  // fchmodat(2) follows a link, and fchmodat2(2) came with Linux 6.6 only.
  const fd = open(path, O.PATH | O.NOFOLLOW, 0, dir);
  try {
    fchmod(fd, mode, path);
  } finally {
    close(fd);
  }
}

/**
 * Set owner and group. This clears setuid and setgid bits: set the mode afterwards. Without root
 * nothing is done: a namespace with one id has no other to give.
 */
export function lchown(path: string, uid: number, gid: number, dir = AT_FDCWD): void {
  if (!machineView().hasOwners) return;
  check(
    atPath(path, dir, (d, p) => libc.fchownat(d, p, uid, gid, AT_SYMLINK_NOFOLLOW)),
    "set the owner of",
    path,
  );
}

/** Set owner and group of what a descriptor is open on, a symbolic link or `O.PATH` also. */
export function fchown(fd: number, uid: number, gid: number, shown: string): void {
  if (!machineView().hasOwners) return;
  check(libc.fchownat(fd, EMPTY, uid, gid, AT_EMPTY_PATH), "set the owner of", shown);
}

/** The entries of an open directory, without `.` and `..`, in no order; at most so many of them. */
export function readdirOf(fd: number, shown: string, most = Infinity): DirectoryEntry[] {
  return listFd(fd, shown, most);
}

/**
 * Set the permission bits of what a descriptor is open on: one of any kind, through /proc
 * (proc_pid_fd(5)), or one that is `readable` or writable, which takes less time.
 */
export function fchmod(fd: number, mode: number, shown: string, readable = false): void {
  const result = readable
    ? libc.fchmod(fd, mode)
    : libc.fchmodat(AT_FDCWD, cString(`/proc/thread-self/fd/${fd}`), mode, 0);
  check(result, "set the mode of", shown);
}

/** Whether there is anything in a directory. Of many entries only a few are looked at. */
export function hasEntries(path: string): boolean {
  const fd = openToLook(path, O.DIRECTORY);
  try {
    // `.` and `..` need 24 bytes each: where there is more, one of these calls returns it.
    const first = libc.getdents64(fd, chunk, 4096n);
    const rest = first > 0n ? libc.getdents64(fd, chunk.subarray(4096), 4096n) : 0n;
    return Number(check(first, "list", path)) + Number(check(rest, "list", path)) > 48;
  } finally {
    close(fd);
  }
}
