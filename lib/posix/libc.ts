/**
 * libc, and how its failures are told. Everything is synchronous and runs on the calling thread:
 * the main thread may live in a mount namespace of its own (see `namespace.ts`).
 *
 * @module
 */
import { SyscallError } from "./errno.ts";

/** The directory that relative paths begin at, when no other is given. */
export const AT_FDCWD = -100;

const path = "buffer";
const fd = "i32";
const int = "i32";
const size = "usize";

const { symbols } = Deno.dlopen("libc.so.6", {
  __errno_location: { parameters: [], result: "pointer" },
  strerror: { parameters: [int], result: "pointer" },
  statx: { parameters: [fd, path, int, "u32", "buffer"], result: int },
  getdents64: { parameters: [fd, "buffer", size], result: "isize" },
  openat: { parameters: [fd, path, int, "u32"], result: fd },
  syscall: { parameters: ["i64", "i64", "buffer", "buffer", "i64"], result: "i64" },
  mount_setattr: {
    name: "syscall",
    parameters: ["i64", "i64", path, "i64", "buffer", size],
    result: "i64",
  },
  fsopen: { name: "syscall", parameters: ["i64", path, "i64"], result: "i64" },
  fsconfig: {
    name: "syscall",
    parameters: ["i64", "i64", "i64", path, path, "i64"],
    result: "i64",
  },
  fsmount: { name: "syscall", parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  open_tree: { name: "syscall", parameters: ["i64", "i64", path, "i64"], result: "i64" },
  move_mount: {
    name: "syscall",
    parameters: ["i64", "i64", path, "i64", path, "i64"],
    result: "i64",
  },
  landlock: { name: "syscall", parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  close_range: { parameters: ["u32", "u32", "u32"], result: int },
  close: { parameters: [fd], result: int },
  read: { parameters: [fd, "buffer", size], result: "isize" },
  pread: { name: "pread64", parameters: [fd, "buffer", size, "i64"], result: "isize" },
  write: { parameters: [fd, "buffer", size], result: "isize" },
  lseek: { parameters: [fd, "i64", int], result: "i64" },
  ftruncate: { parameters: [fd, "i64"], result: int },
  fallocate: { parameters: [fd, int, "i64", "i64"], result: int },
  copy_file_range: { parameters: [fd, "pointer", fd, "pointer", size, "u32"], result: "isize" },
  sendfile: { parameters: [fd, fd, "pointer", size], result: "isize" },
  readlinkat: { parameters: [fd, path, "buffer", size], result: "isize" },
  symlinkat: { parameters: [path, fd, path], result: int },
  linkat: { parameters: [fd, path, fd, path, int], result: int },
  mkdirat: { parameters: [fd, path, "u32"], result: int },
  mknodat: { parameters: [fd, path, "u32", "u64"], result: int },
  unlinkat: { parameters: [fd, path, int], result: int },
  renameat2: { parameters: [fd, path, fd, path, "u32"], result: int },
  fchmodat: { parameters: [fd, path, "u32", int], result: int },
  fchmod: { parameters: [fd, "u32"], result: int },
  fchownat: { parameters: [fd, path, "u32", "u32", int], result: int },
  utimensat: { parameters: [fd, path, "buffer", int], result: int },
  listxattr: { parameters: [path, "buffer", size], result: "isize" },
  getxattr: { parameters: [path, path, "buffer", size], result: "isize" },
  setxattr: { parameters: [path, path, "buffer", size, int], result: int },
  removexattr: { parameters: [path, path], result: int },
  llistxattr: { parameters: [path, "buffer", size], result: "isize" },
  flistxattr: { parameters: [fd, "buffer", size], result: "isize" },
  lgetxattr: { parameters: [path, path, "buffer", size], result: "isize" },
  lsetxattr: { parameters: [path, path, "buffer", size, int], result: int },
  lremovexattr: { parameters: [path, path], result: int },
  fanotify_init: { parameters: ["u32", "u32"], result: int },
  fanotify_mark: { parameters: [fd, "u32", "u64", fd, path], result: int },
  fsync: { parameters: [fd], result: int },
  syncfs: { parameters: [fd], result: int },
  fcntl: { parameters: [fd, int, "buffer"], result: int },
  flock: { parameters: [fd, int], result: int },
  statfs: { parameters: [path, "buffer"], result: int },
  mount: { parameters: [path, path, path, "u64", path], result: int },
  umount2: { parameters: [path, int], result: int },
  pivot_root: { parameters: [path, path], result: int },
  unshare: { parameters: [int], result: int },
  setns: { parameters: [fd, int], result: int },
  execvpe: { parameters: [path, "buffer", "buffer"], result: int },
  umask: { parameters: ["u32"], result: "u32" },
  malloc_trim: { parameters: ["usize"], result: int },
  ioctl: { parameters: [fd, "u64", "buffer"], result: int },
  getrusage: { parameters: [int, "buffer"], result: int },
  clock_gettime: { parameters: [int, "buffer"], result: int },
  name_to_handle_at: { parameters: [fd, path, "buffer", "buffer", int], result: int },
  open_by_handle_at: { parameters: [fd, "buffer", int], result: fd },
  signal: { parameters: [int, "usize"], result: "pointer" },
  sigaction: { parameters: [int, "buffer", "buffer"], result: int },
  getpgrp: { parameters: [], result: int },
  tcsetpgrp: { parameters: [fd, int], result: int },
  prlimit: { parameters: [int, int, "buffer", "buffer"], result: int },
});

/**
 * What waiting for a lock of the runtime itself, between a call and the look at `errno`, can leave
 * there (futex(2)): EINTR, EAGAIN, ETIMEDOUT.
 */
const FOREIGN = [4, 11, 110];
/** On a busy machine the runtime may wait again and again: the later tries are a pause apart. */
const TRIES = 50;
const QUICK_TRIES = 5;
const PAUSE_MS = 2;

/**
 * The same call, made again while it failed with an error that is not its own. Only for calls that
 * have done nothing when they fail, and never answer so: not for fsync(2), which tells of an error
 * once, nor for locks.
 */
export function steady<A extends unknown[], R extends number | bigint>(
  call: (...args: A) => R,
  look: () => number = note,
  pause: () => void = sleep,
): (...args: A) => R {
  return (...args) => {
    let result = call(...args);
    for (let i = 1; result < 0 && FOREIGN.includes(look()) && i < TRIES; i++) {
      if (i >= QUICK_TRIES) pause();
      result = call(...args);
    }
    return result;
  };
}

/** A call that is made once. */
function once<A extends unknown[], R extends number | bigint>(
  call: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    const result = call(...args);
    if (result < 0) note();
    return result;
  };
}

function sleep(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

/** The functions that DISCO calls. */
export const libc = {
  ...symbols,
  statx: steady(symbols.statx),
  openat: steady(symbols.openat),
  syscall: steady(symbols.syscall),
  lseek: steady(symbols.lseek),
  readlinkat: steady(symbols.readlinkat),
  symlinkat: steady(symbols.symlinkat),
  linkat: steady(symbols.linkat),
  mkdirat: steady(symbols.mkdirat),
  mknodat: steady(symbols.mknodat),
  unlinkat: steady(symbols.unlinkat),
  renameat2: steady(symbols.renameat2),
  fchmodat: steady(symbols.fchmodat),
  fchownat: steady(symbols.fchownat),
  utimensat: steady(symbols.utimensat),
  listxattr: steady(symbols.listxattr),
  getxattr: steady(symbols.getxattr),
  setxattr: steady(symbols.setxattr),
  removexattr: steady(symbols.removexattr),
  llistxattr: steady(symbols.llistxattr),
  flistxattr: steady(symbols.flistxattr),
  lgetxattr: steady(symbols.lgetxattr),
  lsetxattr: steady(symbols.lsetxattr),
  lremovexattr: steady(symbols.lremovexattr),
  fsopen: once(symbols.fsopen),
  fsconfig: once(symbols.fsconfig),
  fsmount: once(symbols.fsmount),
  open_tree: once(symbols.open_tree),
  move_mount: once(symbols.move_mount),
  mount_setattr: once(symbols.mount_setattr),
  name_to_handle_at: steady(symbols.name_to_handle_at),
  open_by_handle_at: steady(symbols.open_by_handle_at),
  clock_gettime: once(symbols.clock_gettime),
  getdents64: once(symbols.getdents64),
  close_range: once(symbols.close_range),
  close: once(symbols.close),
  read: once(symbols.read),
  pread: once(symbols.pread),
  write: once(symbols.write),
  ftruncate: once(symbols.ftruncate),
  fallocate: once(symbols.fallocate),
  copy_file_range: once(symbols.copy_file_range),
  sendfile: once(symbols.sendfile),
  fchmod: once(symbols.fchmod),
  fsync: once(symbols.fsync),
  syncfs: once(symbols.syncfs),
  fcntl: once(symbols.fcntl),
  flock: once(symbols.flock),
  statfs: once(symbols.statfs),
  mount: once(symbols.mount),
  umount2: once(symbols.umount2),
  pivot_root: once(symbols.pivot_root),
  unshare: once(symbols.unshare),
  setns: once(symbols.setns),
  execvpe: once(symbols.execvpe),
  umask: once(symbols.umask),
  malloc_trim: once(symbols.malloc_trim),
  ioctl: once(symbols.ioctl),
  fanotify_init: once(symbols.fanotify_init),
  fanotify_mark: once(symbols.fanotify_mark),
  getrusage: once(symbols.getrusage),
  prlimit: once(symbols.prlimit),
};

/** The calling thread's `errno` itself: what the runtime does for another call could change it. */
const location = new Int32Array(
  Deno.UnsafePointerView.getArrayBuffer(libc.__errno_location()!, 4),
);
let last = 0;

/** Keep `errno` at once: whatever the runtime does later on this thread can change it. */
function note(): number {
  return last = location[0]!;
}

/** The `errno` of the last call that failed. */
export function errno(): number {
  return last;
}

/** Throw what the call before left in `errno`. */
export function fail(call: string, path: string): never {
  const number = errno();
  const text = Deno.UnsafePointerView.getCString(libc.strerror(number)!);
  throw new SyscallError(call, number, text, path);
}

/** Throw if the result of a call is negative, else return it. */
export function check<R extends number | bigint>(result: R, call: string, path: string): R {
  if (result < 0) fail(call, path);
  return result;
}
