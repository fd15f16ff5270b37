/**
 * Carries operations out, and tells which have been carried out already.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import { lstat, type Stat, SyscallError, utimens } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { ConflictError } from "./conflict.ts";
import type { Live } from "./live.ts";
import {
  attributesOf,
  type AttributesOperation,
  inverse,
  isSame,
  type MoveOperation,
  type Operation,
} from "./operation.ts";

/** Somebody has put something at the path, or a link or file in the stead of a directory above it. */
const IN_THE_WAY: readonly string[] = ["EEXIST", "ELOOP", "ENOTDIR"];

/** Carry out one operation, unless it has been carried out. */
export function apply(operation: Operation, live: Live, prefix: string): void {
  if (isApplied(operation, live, prefix)) return keepTimes(operation, live);
  try {
    if (operation.kind === "attributes") setAttributes(operation, live);
    else move(operation, live);
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    const { kind, path } = operation;
    if (error instanceof SyscallError && IN_THE_WAY.includes(error.code)) {
      throw new ConflictError(path);
    }
    throw new DiscoError(`Cannot ${kind} "${printable(path)}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Take back one operation, if it has been carried out: else what is there is somebody else's. */
export function takeBack(operation: Operation, live: Live, prefix: string): void {
  if (hasBegun(operation, live)) apply(inverse(operation), live, prefix);
}

function hasBegun(operation: Operation, live: Live): boolean {
  if (operation.kind === "attributes") return isInode(live.stat(operation.path), operation);
  const { path, slot, after } = operation;
  const inSlot = lstat(slot);
  const isAsPrepared = after ? isInode(inSlot, after) : !inSlot;
  return !isAsPrepared || live.isHalfSwapped(path, slot);
}

function isInode(stat: Stat | undefined, { ino }: { readonly ino: string }): boolean {
  return String(stat?.ino) === ino;
}

/** Whether the live root is as the operation leaves it. */
export function isApplied(operation: Operation, live: Live, prefix: string): boolean {
  const stat = live.stat(operation.path);
  if (operation.kind === "attributes") {
    if (!stat) return false;
    const now = attributesOf(prefix + operation.path, stat);
    const { after } = operation;
    return now.mode === after.mode && now.uid === after.uid && now.gid === after.gid &&
      JSON.stringify(now.xattrs) === JSON.stringify(after.xattrs);
  }
  const { after, before, slot } = operation;
  if (after) return stat?.type === after.type && String(stat.ino) === after.ino;
  return !stat && String(lstat(slot)?.ino) === before!.ino;
}

function setAttributes(operation: AttributesOperation, live: Live): void {
  const { path, after } = operation;
  if (!isInode(live.stat(path), operation)) throw new ConflictError(path);
  live.setAttributes(path, after);
}

function move(operation: MoveOperation, live: Live): void {
  const { path, slot, kind, before } = operation;
  if (!live.isHalfSwapped(path, slot) && !isSame(live.stat(path), before)) {
    throw new ConflictError(path);
  }
  live.move(path, slot, kind === "add" ? "in" : kind === "delete" ? "out" : "swap");
  if (kind === "swap") setTimes(operation, live);
  if (kind === "add" || isSame(lstat(slot), before)) return;
  // Between the check and the rename somebody was faster: give it back.
  live.move(path, slot, kind === "delete" ? "in" : "swap");
  throw new ConflictError(path);
}

/** XFS gives directories that change places a new time; a crash may have come before this. */
function keepTimes(operation: Operation, live: Live): void {
  if (operation.kind !== "swap") return;
  if (isInode(lstat(operation.slot), operation.before!)) setTimes(operation, live);
}

/** Give two that have changed places the times back that they had, as the journal has them. */
function setTimes({ path, slot, before, after }: MoveOperation, live: Live): void {
  if (before?.type === "directory") utimens(slot, BigInt(before.mtime));
  if (after?.type === "directory") live.setTime(path, BigInt(after.mtime));
}
