/**
 * A directory that cannot be renamed: on a root that is an overlay itself without `redirect_dir`, as
 * in containers, those that came with the image (rename(2) answers EXDEV). What replaces it comes in
 * more than one step, of which each can be finished or taken back after a crash:
 *
 *     before the commit    SLOT.kept  a copy of the directory
 *     1                    SLOT.old   the copy, under another name: it has begun
 *     2                    the directory is removed, entry by entry
 *     3                    SLOT       what is new moves to the path
 *     4                    SLOT       is the copy: it is done
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { Descent, E, lstat, readdirOf, SyscallError } from "../posix/mod.ts";
import { ConflictError } from "./conflict.ts";
import type { Live } from "./live.ts";
import { isSame, type MoveOperation } from "./operation.ts";

/** A move of which the directory that goes is kept as a copy. */
export type SteppedOperation = MoveOperation & Required<Pick<MoveOperation, "kept">>;

/** The name of the copy that is made for a slot before the commit. */
export function keptName(slot: string): string {
  return `${slot}.kept`;
}

/** Whether an operation is carried out in steps. */
export function isStepped(operation: MoveOperation): operation is SteppedOperation {
  return operation.kept !== undefined;
}

/** Whether all steps are done. */
export function isSteppedApplied(operation: SteppedOperation, live: Live): boolean {
  const { kept, old } = names(operation);
  return !live.slot(kept) && !live.slot(old);
}

/** Go on with the steps, wherever they were cut off. */
export function applyBySteps(operation: SteppedOperation, live: Live): void {
  const { path, before, after } = operation;
  const { kept, old } = names(operation);
  if (live.slot(kept)) {
    if (!isSame(live.stat(path), before) || !isAsKept(operation, live)) {
      throw new ConflictError(path);
    }
    live.renameSlot(kept, old);
  }
  if (!live.slot(old)) return;
  const isNewOutside = after !== null && live.slot(operation) !== undefined;
  if (isNewOutside || after === null) live.tree.remove(path);
  if (isNewOutside) live.move(operation, "in");
  live.renameSlot(old, operation);
}

/** Take back what was done of the steps. */
export function takeBackBySteps(operation: SteppedOperation, live: Live): void {
  const { path, before, after } = operation;
  const { kept, old } = names(operation);
  if (live.slot(kept)) return;
  if (live.slot(old)) {
    if (after !== null && !live.slot(operation)) live.move(operation, "out");
    else live.tree.remove(path);
    live.move(old, "in");
  } else if (after === null) live.move(operation, "in");
  else live.move(operation, "swap");
  live.setTime(path, BigInt(before!.mtime));
}

/**
 * Whether a directory of the live root can be renamed to a tree of slots. Nothing is moved: the target
 * of the attempt is a directory that is not empty.
 */
export function canMove(live: Tree, path: string, slots: Tree): boolean {
  using _probe = slots.mkdirPrivate("/probe");
  slots.mkdir("/probe/full");
  try {
    live.rename(path, "/probe", "replace", slots);
    throw new Error("unreachable: a directory that is not empty was replaced");
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return error.errno !== E.XDEV;
  } finally {
    slots.remove("/probe");
  }
}

function names({ path, slot }: MoveOperation) {
  return { kept: { path, slot: keptName(slot) }, old: { path, slot: `${slot}.old` } };
}

/** Whether the live directory is still what was copied; sockets are not copied. */
function isAsKept({ path, slot }: MoveOperation, live: Live): boolean {
  using inode = live.tree.hold(path);
  using copy = live.staging.of(path).hold(`/${keptName(slot)}`);
  using one = new Descent(inode.reopen());
  using other = new Descent(copy.reopen());
  const list = () => readdirOf(one.fd, path).map(({ name }) => name);
  const levels = [list()];
  for (;;) {
    const name = levels.at(-1)!.pop();
    if (name === undefined) {
      levels.pop();
      if (levels.length === 0) return true;
      one.leave();
      other.leave();
      continue;
    }
    const [stat, seen] = [lstat(name, one.fd), lstat(name, other.fd)];
    if (stat?.type === "socket") continue;
    if (!stat || stat.type !== seen?.type || stat.mtime !== seen.mtime) return false;
    if (stat.type === "file" && stat.size !== seen.size) return false;
    if (stat.type !== "directory") continue;
    one.enter(name);
    other.enter(name);
    levels.push(list());
  }
}
