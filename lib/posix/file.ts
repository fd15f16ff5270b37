/**
 * Open files, and their content.
 *
 * @module
 */
import { E } from "./errno.ts";
import { AT_FDCWD, check, errno, libc } from "./libc.ts";
import { atPath } from "./long_path.ts";
import { passing } from "./names.ts";
import { fstat } from "./stat.ts";

/** Flags of open(2), the same on the architectures that Deno runs on, but for `DIRECTORY` and `NOFOLLOW`. */
const arm = Deno.build.arch === "aarch64";
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIRECTORY: arm ? 0o40000 : 0o200000,
  NOFOLLOW: arm ? 0o100000 : 0o400000,
  NOATIME: 0o1000000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
} as const;

const SEEK_SET = 0;

/** Open a path; the descriptor is not inherited by programs. */
export function open(path: string, flags: number, mode = 0, dir = AT_FDCWD): number {
  const fd = atPath(path, dir, (d, p) => libc.openat(d, p, flags | O.CLOEXEC, mode));
  return check(fd, "open", path);
}

/**
 * Open a path to read it without leaving an access time, where the caller may do so: only root and
 * the owner may (open(2), O_NOATIME).
 */
export function openToLook(path: string, flags = 0, dir = AT_FDCWD): number {
  const openWith = (more: number) => {
    const all = O.RDONLY | O.NOFOLLOW | O.CLOEXEC | flags | more;
    return atPath(path, dir, (d, p) => libc.openat(d, p, all, 0));
  };
  const fd = openWith(O.NOATIME);
  if (fd >= 0) return fd;
  return check(errno() === E.PERM ? openWith(0) : fd, "open", path);
}

/** Open a path with a descriptor that the programs which are started next inherit. */
export function openInherited(path: string, flags: number): number {
  return check(atPath(path, AT_FDCWD, (d, p) => libc.openat(d, p, flags, 0)), "open", path);
}

/** Keep programs from inheriting what this process has open, besides standard input and output. */
export function keepDescriptors(): void {
  const CLOSE_RANGE_CLOEXEC = 4;
  check(libc.close_range(3, 0xffffffff, CLOSE_RANGE_CLOEXEC), "keep the descriptors of", "self");
}

/** Close a descriptor. */
export function close(fd: number): void {
  libc.close(fd);
}

/** Call `use` with an open descriptor, and close it whatever happens. */
export function withFile<T>(fd: number, use: (fd: number) => T): T {
  try {
    return use(fd);
  } finally {
    libc.close(fd);
  }
}

/** The content of a regular file; a symbolic link is refused. */
export function readFile(path: string, dir = AT_FDCWD): Uint8Array<ArrayBuffer> {
  const fd = openToLook(path, O.NONBLOCK, dir);
  return withFile(fd, () => readAll(fd, fstat(fd).size, path));
}

/** Everything that can be read from a descriptor; `expected` bytes is a guess. */
export function readAll(fd: number, expected: number, path: string): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(expected + 1);
  let length = 0;
  for (;;) {
    const n = Number(
      check(libc.read(fd, bytes.subarray(length), BigInt(bytes.length - length)), "read", path),
    );
    if (n === 0) return bytes.subarray(0, length);
    length += n;
    if (length === bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
  }
}

/** Read up to `into.length` bytes; 0 at the end. */
export function read(fd: number, into: Uint8Array<ArrayBuffer>, path: string): number {
  return Number(check(libc.read(fd, into, BigInt(into.length)), "read", path));
}

/** Fill `into` with what a file has from `at` on; how much of it there was. */
export function readAt(
  fd: number,
  into: Uint8Array<ArrayBuffer>,
  at: number,
  path: string,
): number {
  let done = 0;
  while (done < into.length) {
    const rest = into.subarray(done);
    const n = Number(
      check(libc.pread(fd, rest, BigInt(rest.length), BigInt(at + done)), "read", path),
    );
    if (n === 0) break;
    done += n;
  }
  return done;
}

/** Create a new file with this content; it must not exist yet. The umask does not count. */
export function createFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  mode = 0o644,
  dir = AT_FDCWD,
): void {
  const fd = open(path, O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode, dir);
  withFile(fd, () => {
    writeAll(fd, bytes, path);
    check(libc.fchmod(fd, mode), "set the mode of", path);
  });
}

/** Write all bytes. */
export function writeAll(fd: number, bytes: Uint8Array<ArrayBuffer>, path: string): void {
  for (let done = 0; done < bytes.length;) {
    const rest = bytes.subarray(done);
    done += Number(check(libc.write(fd, rest, BigInt(rest.length)), "write", path));
  }
}

/** Go on reading or writing at an offset. */
export function seek(fd: number, at: number, path: string): void {
  check(libc.lseek(fd, BigInt(at), SEEK_SET), "read", path);
}

/** Make what was written to a file or directory durable. */
export function fsync(fd: number, path: string): void {
  check(libc.fsync(fd), "sync", path);
}

/** Make everything on the file system of a descriptor durable. */
export function syncfs(fd: number, path: string): void {
  check(libc.syncfs(fd), "sync the file system of", path);
}

const RESOLVE_NO_MAGICLINKS = 2;
const RESOLVE_NO_SYMLINKS = 4;
const RESOLVE_BENEATH = 8;
const SYS_OPENAT2 = 437n;

/**
 * Open a path below a directory without following any symbolic link, and without leaving it
 * (openat2(2)). `path` is relative; empty is the directory itself. A link at the end can be opened
 * with `O.PATH | O.NOFOLLOW`; elsewhere it is ELOOP.
 */
export function openBeneath(dir: number, path: string, flags = O.RDONLY | O.DIRECTORY): number {
  const openOne = (from: number, part: string, how: number) => {
    // struct open_how: flags, mode, resolve.
    const words = new BigUint64Array([
      BigInt(how | O.CLOEXEC),
      0n,
      BigInt(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH),
    ]);
    const bytes = new Uint8Array(words.buffer);
    const fd = libc.syscall(SYS_OPENAT2, BigInt(from), passing(part), bytes, 24n);
    return Number(check(fd, "open", path));
  };
  if (path.length < LONG) return openOne(dir, path || ".", flags);
  const parts = path.split("/");
  return parts.reduce((from, part, i) => {
    try {
      return openOne(from, part, i < parts.length - 1 ? O.PATH | O.DIRECTORY : flags);
    } finally {
      if (from !== dir) close(from);
    }
  }, dir);
}

/** From here on a path may be too long for one call (PATH_MAX), whatever its letters. */
const LONG = 1024;
