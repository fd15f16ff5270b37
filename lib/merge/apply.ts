/**
 * Carries operations out, and tells which have been carried out already.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import { lstat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { ConflictError } from "./conflict.ts";
import type { Live } from "./live.ts";
import { attributesOf, isSame, type MoveOperation, type Operation } from "./operation.ts";

/** Carry out one operation, unless it has been carried out. */
export function apply(operation: Operation, live: Live, prefix: string): void {
  if (isApplied(operation, live, prefix)) return;
  try {
    if (operation.kind === "attributes") live.setAttributes(operation.path, operation.after);
    else move(operation, live);
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    const { kind, path } = operation;
    throw new DiscoError(`Cannot ${kind} "${printable(path)}": ${messageOf(error)}`, {
      cause: error,
    });
  }
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

function move(operation: MoveOperation, live: Live): void {
  const { path, slot, kind, before } = operation;
  if (!live.isHalfSwapped(path, slot) && !isSame(live.stat(path), before)) {
    throw new ConflictError(path);
  }
  live.move(path, slot, kind === "add" ? "in" : kind === "delete" ? "out" : "swap");
  if (kind === "add" || isSame(lstat(slot), before)) return;
  // Between the check and the rename somebody was faster: give it back.
  live.move(path, slot, kind === "delete" ? "in" : "swap");
  throw new ConflictError(path);
}
