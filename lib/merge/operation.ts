/**
 * Operations: what a merge does to the live root, one rename or one change of attributes each.
 *
 * @module
 */
import type { Inode } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";

/** How an inode is known again. All numbers are decimal strings, so that JSON keeps them. */
export interface Identity {
  readonly type: Stat["type"];
  readonly ino: string;
  readonly size: number;
  readonly mtime: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Attributes of an inode that a merge can change in place. */
export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Name to value in base64. */
  readonly xattrs: Readonly<Record<string, string>>;
  /** Modification time in nanoseconds, decimal; only where it is part of the change. */
  readonly mtime?: string;
}

/**
 * One step. `add` brings the slot to the path, `delete` brings the path to the slot, `swap` lets
 * them change places, `attributes` keeps the inode. The inverse of each is one of them again.
 */
export type Operation = MoveOperation | AttributesOperation;

/** A rename. */
export interface MoveOperation {
  readonly kind: "add" | "swap" | "delete";
  /** Inside the root. No symbolic link is on its way. */
  readonly path: string;
  /** Name in the area of the path: there is what is not live, the new before, the old afterwards. */
  readonly slot: string;
  /** What is live before; null for `add`. */
  readonly before: Identity | null;
  /** What is live afterwards; null for `delete`. */
  readonly after: Identity | null;
  /**
   * A copy of what is live before, where that is a directory which cannot be renamed (see
   * `by_steps.ts`); it is in the slot afterwards.
   */
  readonly kept?: Identity;
}

/** A change of owner, mode or extended attributes. */
export interface AttributesOperation {
  readonly kind: "attributes";
  readonly path: string;
  readonly before: Attributes;
  readonly after: Attributes;
  readonly ino: string;
}

/** The operation that takes this one back. */
export function inverse(operation: Operation): Operation {
  const { before } = operation;
  if (operation.kind === "attributes") {
    return { ...operation, before: operation.after, after: operation.before };
  }
  const kind = { add: "delete", delete: "add", swap: "swap" } as const;
  const { path, slot, kept } = operation;
  return {
    kind: kind[operation.kind],
    path,
    slot,
    before: operation.after,
    after: kept ?? before,
  } as MoveOperation;
}

/** The identity of an inode. */
export function identityOf(stat: Stat): Identity {
  const { type, size, mode, uid, gid } = stat;
  return { type, ino: String(stat.ino), size, mtime: String(stat.mtime), mode, uid, gid };
}

/** Whether a path holds exactly what the identity says; a directory may have got other entries. */
export function isSame(stat: Stat | undefined, identity: Identity | null): boolean {
  if (!stat || !identity) return !stat && !identity;
  const now = identityOf(stat);
  const keys = stat.type === "directory"
    ? ["type", "ino", "mode", "uid", "gid"] as const
    : ["type", "ino", "size", "mtime", "mode", "uid", "gid"] as const;
  return keys.every((key) => now[key] === identity[key]);
}

/** The attributes of an inode, as it is held. */
export function attributesOf(inode: Inode): Attributes {
  const { mode, uid, gid } = inode.stat;
  const xattrs = [...inode.xattrs()].map(([name, value]) => [name, value.toBase64()]);
  return { mode, uid, gid, xattrs: Object.fromEntries(xattrs) };
}

/** Extended attributes as the kernel wants them. */
export function valuesOf({ xattrs }: Attributes): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map(
    Object.entries(xattrs).map(([name, value]) => [name, Uint8Array.fromBase64(value)]),
  );
}

/** Whether two have the same owner, mode and extended attributes, and the same time if both have one. */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const names = Object.keys(a.xattrs);
  const isTime = a.mtime === undefined || b.mtime === undefined || a.mtime === b.mtime;
  return isTime && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid &&
    names.length === Object.keys(b.xattrs).length &&
    names.every((name) => a.xattrs[name] === b.xattrs[name]);
}

/** The bits that chown(2) clears, with capabilities. */
const CLEARED = 0o6000;

/**
 * Whether attributes are those before, those after, or what a crash on the way has left of both. The
 * time does not count: others may go on writing.
 */
export function isBetween(now: Attributes, before: Attributes, after: Attributes): boolean {
  const modes = [before.mode, after.mode].flatMap((mode) => [mode, mode & ~CLEARED]);
  return modes.includes(now.mode) && [before.uid, after.uid].includes(now.uid) &&
    [before.gid, after.gid].includes(now.gid) &&
    Object.entries(now.xattrs).every(([name, value]) =>
      value === before.xattrs[name] || value === after.xattrs[name]
    );
}
