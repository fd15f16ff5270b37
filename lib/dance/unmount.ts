/**
 * Stage `fs-unmount`: the union goes, with all that belongs to it.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { abandon, type Transaction } from "../merge/mod.ts";
import { lstat, readdir, removeTree } from "../posix/mod.ts";
import { dropCgroup, leftCgroups, unwatchStandIns } from "../sandbox/mod.ts";
import { currentDance, removeCurrentDance, runFolder } from "../state/mod.ts";
import { closeUnion } from "../union/mod.ts";
import type { Dance } from "./dance.ts";
import type { Mounted } from "./values.ts";

/** Leave the union's namespace, and let it be. */
export function leave(dance: Mounted): void {
  unwatchStandIns(dance.mounted);
  dance.mounted.view.close();
  dance.union.entered.leave();
}

/** Take the union down, with everything that is in it; nothing stays mounted. */
export function unmount(dance: Mounted): void {
  dance.mounted.close();
  leave(dance);
  takeAway(dance, dance.union.transaction);
}

/** Take away what a dance has made to have a union. */
export function takeAway({ context, id }: Dance, transaction: Transaction | null): void {
  if (transaction) abandon(transaction);
  dropCgroup({ run: context.roots.run, id });
  removeRun(context, id);
}

/** Clean up after dances that were killed. The caller holds the lock: no other one is going on. */
export function cleanUp(context: Context): { id: string; isInProgress: boolean }[] {
  const { run } = context.roots;
  leftCgroups(run).forEach((id) => dropCgroup({ run, id }));
  const left = readdir(context.roots.run).filter(({ type }) => type === "directory");
  return left.map(({ name: id }) => {
    const isInProgress = currentDance(context) === id;
    removeRun(context, id);
    return { id, isInProgress };
  });
}

function removeRun(context: Context, id: string): void {
  const folder = runFolder(context, id);
  if (!lstat(folder)) return;
  closeUnion(folder);
  removeTree(folder);
  if (currentDance(context) === id) removeCurrentDance(context);
}
