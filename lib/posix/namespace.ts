/**
 * Mounts and namespaces of the main thread. After `unshare` the thread has a mount namespace,
 * a working directory and a root of its own; synchronous calls and the programs that it starts see
 * them, asynchronous file calls of Deno (which run on other threads) do not.
 *
 * @module
 */
import { close, O, open, withFile } from "./file.ts";
import { E } from "./errno.ts";
import { check, errno, fail, libc } from "./libc.ts";
import { cString } from "./names.ts";

const CLONE_FS = 0x200;
const CLONE_NEWNS = 0x20000;
const CLONE_NEWNET = 0x40000000;

/** Flags of mount(2), from linux/mount.h. */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  REMOUNT: 32,
  NOATIME: 1024,
  BIND: 4096,
  REC: 16384,
  PRIVATE: 1 << 18,
  SLAVE: 1 << 19,
} as const;

/** The mount namespace that the calling thread was in before it first left it. */
let first: number | undefined;

/** Give the calling thread a mount namespace of its own, whose mounts the host never sees. */
export function unshareMounts(): void {
  first ??= currentMounts();
  check(libc.unshare(CLONE_FS | CLONE_NEWNS), "unshare", "mount namespace");
  mount("none", "/", "", MS.REC | MS.SLAVE);
}

/**
 * Let nothing leave an access time that is read through the mounts of this namespace, links included
 * (mount_setattr(2)). Without the right to, or before Linux 5.12, files are read in the ordinary way.
 */
export function keepNoAccessTimes(): void {
  const MOUNT_SETATTR = 442n;
  const AT_RECURSIVE = 0x8000n;
  const MOUNT_ATTR_NOATIME = 0x10n;
  const MOUNT_ATTR_ATIME_MASK = 0x70n;
  // struct mount_attr: what to set, what to clear, propagation, user namespace.
  const words = new BigUint64Array([MOUNT_ATTR_NOATIME, MOUNT_ATTR_ATIME_MASK, 0n, 0n]);
  const attr = new Uint8Array(words.buffer);
  libc.mount_setattr(MOUNT_SETATTR, -1n, cString("/"), AT_RECURSIVE, attr, 32n);
}

/** Whether the kernel knows mount_setattr(2). */
export function hasMountAttributes(): boolean {
  return libc.mount_setattr(442n, -1n, cString(""), 0n, new Uint8Array(32), 32n) === 0n ||
    errno() !== E.NOSYS;
}

/** Enter the mount namespace of a handle (a bind-mounted `/proc/PID/ns/mnt`). */
export function enterMounts(handle: string): void {
  first ??= currentMounts();
  check(libc.unshare(CLONE_FS), "unshare", "working directory");
  withFile(
    open(handle, O.RDONLY),
    (fd) => check(libc.setns(fd, CLONE_NEWNS), "enter the namespace", handle),
  );
}

/**
 * Call a function in the network of a handle (a bind-mounted `/proc/PID/ns/net`): what it opens and
 * starts is there. Only for what does not wait.
 */
export function inNetworkOf<T>(handle: string, use: () => T): T {
  return withFile(open("/proc/thread-self/ns/net", O.RDONLY), (own) => {
    const enter = (fd: number) => check(libc.setns(fd, CLONE_NEWNET), "enter the network", handle);
    withFile(open(handle, O.RDONLY), enter);
    try {
      return use();
    } finally {
      check(libc.setns(own, CLONE_NEWNET), "come back from the network", handle);
    }
  });
}

/**
 * Call a function in the mount namespace in which the calling thread was before it first left it: what
 * it starts sees the mounts of the live system as others see them. Only for what does not wait.
 */
export function inFirstMounts<T>(use: () => T): T {
  if (first === undefined) return use();
  const folder = Deno.cwd();
  return withFile(currentMounts(), (own) => {
    switchMounts(first!);
    try {
      return use();
    } finally {
      switchMounts(own);
      Deno.chdir(folder);
    }
  });
}

/**
 * Call a function in a copy of the mount namespace that the calling thread is in: what it mounts is
 * there only, and so is what it starts. Only for what does not wait.
 */
export function inCopyOfMounts<T>(use: () => T): T {
  return withFile(currentMounts(), (own) => {
    check(libc.unshare(CLONE_NEWNS), "copy the namespace", "mounts");
    try {
      mount("none", "/", "", MS.REC | MS.PRIVATE);
      return use();
    } finally {
      switchMounts(own);
    }
  });
}

/** A mount namespace that is kept to start programs in, with all that is mounted there. */
export class KeptMounts implements Disposable {
  readonly #fd: number;

  /** A copy of the one that the calling thread is in, after `change` has been called there. */
  constructor(change: () => void) {
    this.#fd = inCopyOfMounts(() => {
      change();
      return currentMounts();
    });
  }

  /** Call a function there: what it mounts and starts is there. Only for what does not wait. */
  within<T>(use: () => T): T {
    return withFile(currentMounts(), (own) => {
      switchMounts(this.#fd);
      try {
        return use();
      } finally {
        switchMounts(own);
      }
    });
  }

  /** It is gone with the last program in it. */
  [Symbol.dispose](): void {
    close(this.#fd);
  }
}

/**
 * Make the mount at a folder the root of this namespace, and take the one before it away with all that
 * is mounted there (pivot_root(2)). Not where the root is the kernel's first one.
 */
export function pivotRoot(folder: string): void {
  // Both are one place: the old root comes to lie on the new one, and is what is taken away there.
  check(libc.pivot_root(cString(folder), cString(folder)), "make a root of", folder);
  unmount("/", true);
  Deno.chdir("/");
}

/** mount(2). */
export function mount(source: string, target: string, type: string, flags = 0, data = ""): void {
  const result = libc.mount(
    cString(source),
    cString(target),
    cString(type),
    BigInt(flags),
    cString(data),
  );
  check(result, type === "" ? "mount" : `mount ${type} on`, target);
}

/** Take a mount away; with `detach` also one that is in use. Nothing happens where none is. */
export function unmount(target: string, detach = false): void {
  const MNT_DETACH = 2;
  const UMOUNT_NOFOLLOW = 8;
  if (libc.umount2(cString(target), UMOUNT_NOFOLLOW | (detach ? MNT_DETACH : 0)) < 0) {
    if (errno() !== E.INVAL && errno() !== E.NOENT) fail("unmount", target);
  }
}

/** The mount namespace that the calling thread is in, as a descriptor to come back to. */
export function currentMounts(): number {
  return open("/proc/thread-self/ns/mnt", O.RDONLY);
}

/** Go to the namespace of a descriptor from {@linkcode currentMounts}. */
export function switchMounts(fd: number): void {
  // Threads that were started meanwhile share the working directory; setns(2) wants it unshared.
  check(libc.unshare(CLONE_FS), "unshare", "working directory");
  check(libc.setns(fd, CLONE_NEWNS), "enter the namespace", "mounts");
}
