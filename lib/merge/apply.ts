/**
 * Carries operations out, and says which have been carried out already.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import { E, type Stat, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { applyBySteps, isStepped, isSteppedApplied, takeBackBySteps } from "./by_steps.ts";
import { ConflictError, parentOf } from "./conflict.ts";
import type { Live } from "./live.ts";
import {
  inverse,
  isBetween,
  isSame,
  type MoveOperation,
  type Operation,
  sameAttributes,
} from "./operation.ts";

/** Another process has created the path, or replaced a directory above it by a link or a file. */
const IN_THE_WAY: readonly number[] = [E.EXIST, E.LOOP, E.NOTDIR];

/** Carry out one operation, unless it has been carried out. */
export function apply(operation: Operation, live: Live): void {
  if (isApplied(operation, live)) return keepTimes(operation, live);
  try {
    if (operation.kind === "attributes") live.setAttributes(operation);
    else if (isStepped(operation)) applyBySteps(operation, live);
    else move(operation, live);
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    const { kind, path } = operation;
    if (error instanceof SyscallError && isInTheWay(error.errno, path, live)) {
      throw new ConflictError(path);
    }
    throw new DiscoError(`Cannot ${kind} "${printable(path)}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Take back one operation, if it has been carried out: else what is there is not DISCO's. */
export function takeBack(operation: Operation, live: Live): void {
  if (operation.kind !== "attributes" && isStepped(operation)) {
    return takeBackBySteps(operation, live);
  }
  if (hasBegun(operation, live)) apply(inverse(operation), live);
}

/** Whether the live root is as the operation leaves it. */
export function isApplied(operation: Operation, live: Live): boolean {
  if (operation.kind === "attributes") {
    const now = live.attributes(operation.path);
    return now !== undefined && sameAttributes(now, operation.after);
  }
  if (isStepped(operation)) return isSteppedApplied(operation, live);
  const stat = live.stat(operation.path);
  const { after, before } = operation;
  if (after) return stat?.type === after.type && String(stat.ino) === after.ino;
  return !stat && String(live.slot(operation)?.ino) === before!.ino;
}

function isInTheWay(errno: number, path: string, live: Live): boolean {
  return IN_THE_WAY.includes(errno) || (errno === E.NOENT && !live.stat(parentOf(path)));
}

function hasBegun(operation: Operation, live: Live): boolean {
  if (operation.kind === "attributes") {
    const now = live.attributes(operation.path);
    return now?.ino === operation.ino && isBetween(now, operation.before, operation.after);
  }
  const inSlot = live.slot(operation);
  const isAsPrepared = operation.after ? isInode(inSlot, operation.after) : !inSlot;
  return !isAsPrepared || live.isHalfSwapped(operation);
}

function isInode(stat: Stat | undefined, { ino }: { readonly ino: string }): boolean {
  return String(stat?.ino) === ino;
}

function move(operation: MoveOperation, live: Live): void {
  const { path, kind, before } = operation;
  if (!isSame(live.stat(path), before) && !live.isHalfSwapped(operation)) {
    throw new ConflictError(path);
  }
  live.move(operation, kind === "add" ? "in" : kind === "delete" ? "out" : "swap");
  if (kind === "swap") setTimes(operation, live);
  if (kind === "add" || isSame(live.slot(operation), before)) return;
  // Between the check and the rename another process was faster: give it back.
  live.move(operation, kind === "delete" ? "in" : "swap");
  throw new ConflictError(path);
}

/** XFS gives directories that change places a new time; a crash may have come before this. */
function keepTimes(operation: Operation, live: Live): void {
  if (operation.kind !== "swap" || isStepped(operation)) return;
  if (isInode(live.slot(operation), operation.before!)) setTimes(operation, live);
}

/** Give two that have changed places the times back that they had, as the journal has them. */
function setTimes(operation: MoveOperation, live: Live): void {
  const { path, before, after } = operation;
  if (before?.type === "directory") live.setSlotTime(operation, BigInt(before.mtime));
  if (after?.type === "directory") live.setTime(path, BigInt(after.mtime));
}
