/**
 * Carries operations out, and tells which have been carried out already.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import { lstat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Live } from "./live.ts";
import { attributesOf, identityOf, type MoveOperation, type Operation } from "./operation.ts";

/** Carry out one operation, unless it has been carried out. */
export function apply(operation: Operation, live: Live, prefix: string): void {
  if (isApplied(operation, live, prefix)) return;
  try {
    if (operation.kind === "attributes") live.setAttributes(operation.path, operation.after);
    else move(operation, live);
  } catch (error) {
    throw new DiscoError(
      `Cannot ${operation.kind} "${printable(operation.path)}": ${messageOf(error)}`,
      {
        cause: error,
      },
    );
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
  live.move(path, slot, kind === "add" ? "in" : kind === "delete" ? "out" : "swap");
  const out = kind === "add" ? undefined : lstat(slot);
  if (!out || identityOf(out).ino === before!.ino) return;
  // Between the check and the rename somebody put another file there: give it back.
  live.move(path, slot, kind === "delete" ? "in" : "swap");
  throw new Error("somebody else has replaced it at this moment");
}
