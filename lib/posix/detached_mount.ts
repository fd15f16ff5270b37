/**
 * Mounts that are made without a name and then put onto an inode that is held (fsopen(2),
 * open_tree(2), move_mount(2)): no path is looked up, so no link can lead them elsewhere.
 *
 * @module
 */
import { close } from "./file.ts";
import { check, libc } from "./libc.ts";
import { MS } from "./namespace.ts";
import { cString } from "./names.ts";

const SYS = {
  open_tree: 428n,
  move_mount: 429n,
  fsopen: 430n,
  fsconfig: 431n,
  fsmount: 432n,
  mount_setattr: 442n,
};
const CLOEXEC = 1n;
const SET_FLAG = 0n;
const SET_STRING = 1n;
const CREATE = 6n;
const OPEN_TREE_CLONE = 1n;
const OPEN_TREE_CLOEXEC = 0o2000000n;
const AT_EMPTY_PATH = 0x1000n;
const AT_RECURSIVE = 0x8000n;
/** The mount and its place are both given by descriptors. */
const BY_DESCRIPTORS = 0x4n | 0x40n;
const NOTHING = cString("");

/** A mount that is nowhere yet. */
export class DetachedMount implements Disposable {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Put it onto what a descriptor is open on; `shown` is what an error calls that. */
  attach(fd: number, shown: string): void {
    const result = libc.move_mount(
      ...[SYS.move_mount, BigInt(this.#fd), NOTHING, BigInt(fd), NOTHING, BY_DESCRIPTORS] as const,
    );
    check(result, "mount on", shown);
  }

  /** Give it these flags of `MS`, besides those it has; `isWhole` is for the mounts below it, too. */
  restrict(flags: number, isWhole: boolean, shown: string): void {
    // struct mount_attr: what to set, what to clear, propagation, user namespace.
    const words = new BigUint64Array([attributesOf(flags), 0n, 0n, 0n]);
    const attr = new Uint8Array(words.buffer);
    const how = AT_EMPTY_PATH | (isWhole ? AT_RECURSIVE : 0n);
    const result = libc.mount_setattr(
      ...[SYS.mount_setattr, BigInt(this.#fd), NOTHING, how, attr, 32n] as const,
    );
    check(result, "restrict the mount of", shown);
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}

/** The parameters of a file system, in order; true is for one that has no value. */
export type Parameters = readonly (readonly [key: string, value: string | true])[];

/** Make a file system with these parameters and the flags of `MS`. */
export function newMount(type: string, parameters: Parameters, flags: number): DetachedMount {
  const context = check(libc.fsopen(SYS.fsopen, cString(type), CLOEXEC), "mount", type);
  try {
    for (const [key, value] of parameters) {
      const [command, text] = value === true ? [SET_FLAG, null] : [SET_STRING, cString(value)];
      const result = libc.fsconfig(SYS.fsconfig, context, command, cString(key), text, 0n);
      check(result, `mount ${type} with ${key}`, value === true ? "" : value);
    }
    check(libc.fsconfig(SYS.fsconfig, context, CREATE, null, null, 0n), "mount", type);
    const fd = libc.fsmount(SYS.fsmount, context, CLOEXEC, attributesOf(flags));
    return new DetachedMount(Number(check(fd, "mount", type)));
  } finally {
    close(Number(context));
  }
}

/**
 * Whether the kernel's file system knows a parameter; no where it has no such file system. One that
 * does not use the new interface (overlayfs before Linux 6.5) takes any name, and fails only when it
 * is mounted.
 */
export function takesParameter(type: string, key: string, value: string): boolean {
  return takes(type, key, value) && !takes(type, "disco-no-such-parameter", value);
}

function takes(type: string, key: string, value: string): boolean {
  const context = libc.fsopen(SYS.fsopen, cString(type), CLOEXEC);
  if (context < 0) return false;
  const words = [SYS.fsconfig, context, SET_STRING, cString(key), cString(value), 0n] as const;
  const isTaken = libc.fsconfig(...words) === 0n;
  close(Number(context));
  return isTaken;
}

/** A second mount of what a descriptor is open on (a bind mount); `isWhole` takes those below it along. */
export function cloneMount(fd: number, isWhole: boolean, shown: string): DetachedMount {
  const how = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (isWhole ? AT_RECURSIVE : 0n);
  const tree = libc.open_tree(SYS.open_tree, BigInt(fd), NOTHING, how);
  return new DetachedMount(Number(check(tree, "mount", shown)));
}

/** MOUNT_ATTR_*, linux/mount.h: the first four are the same bits as MS_*. */
function attributesOf(flags: number): bigint {
  return BigInt(flags & (MS.RDONLY | MS.NOSUID | MS.NODEV | MS.NOEXEC));
}
