/**
 * Recovery: what was cut off is finished, and what nobody confirmed in time is undone.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { giveUp, isReachable, pendingMerges, readWhole, recover } from "../merge/mod.ts";
import { livePlaces } from "../union/mod.ts";
import { carryOutLeft, endOrphanedEffect } from "./carry_out_due.ts";
import { listUnconfirmed } from "./confirm.ts";
import { closeStale, deliver, loadDue, settle } from "./due.ts";
import { Lock } from "../state/lock.ts";
import { refuseBalls } from "./refused_balls.ts";
import { requireRoot } from "./require_root.ts";
import { undoGeneration } from "./undo.ts";
import { armWatcher } from "./watcher.ts";

/** How recovery is done. */
export interface RecoverOptions {
  /** Files and deadlines only: effects wait for a later call. */
  readonly isEarly?: boolean;
  /** Wait for another dance to end. */
  readonly waits?: boolean;
}

/**
 * Finish what was cut off: merges and their effects; and undo merges whose confirmation has not come
 * in time. Returns what was done, one line each.
 */
export async function recoverMerges(
  context: Context,
  options: RecoverOptions = {},
): Promise<string[]> {
  requireRoot("recover");
  using _lock = options.waits ? await Lock.wait(context) : new Lock(context);
  return await recoverAll(context, options);
}

/**
 * Leave a merge that can be neither finished nor taken back as it is, so that later dances go on;
 * returns what became of it, one line each.
 */
export async function giveUpMerge(context: Context, id: string): Promise<string[]> {
  requireRoot("give up a merge");
  using _lock = new Lock(context);
  const lines = await giveUp(context, id);
  await closeStale(context);
  return lines;
}

/** What {@linkcode recoverMerges} does, for a caller that holds the lock. */
export async function recoverAll(
  context: Context,
  { isEarly = false }: RecoverOptions = {},
): Promise<string[]> {
  const { roots, root } = context;
  const places = livePlaces(root, [roots.etc, roots.var, roots.run]);
  const here = places.filter(({ kind }) => kind === "union");
  const lines = await recover(context, here, { isEarly });
  endOrphanedEffect(context);
  await closeStale(context);
  for (const { generation, deadline } of await listUnconfirmed(context)) {
    const { id, due } = generation.head;
    if (deadline > Date.now()) {
      if (isEarly) await armWatcher(context, id, deadline);
      continue;
    }
    if (isEarly && !isReachable(generation.head.areas, here)) continue;
    refuseBalls(roots, id, due?.balls ?? {});
    const { undo } = await undoGeneration(context, await readWhole(generation), {
      force: true,
      effects: true,
      isEarly,
    });
    lines.push(`nobody confirmed generation ${id} in time: undone by generation ${undo.id}`);
  }
  for (const state of await loadDue(context)) {
    await deliver(context, state);
    if (!isEarly) lines.push(...await carryOutLeft(context, state));
    await settle(context, state.id);
  }
  return lines;
}

/** Throw if a merge was cut off: what is live is neither its old state nor its new one. */
export function refusePending(context: Context, action: string): void {
  const [pending] = pendingMerges(context);
  if (pending === undefined) return;
  throw new DiscoError(`Cannot ${action}: the merge "${pending}" was cut off`, {
    hint: "run disco recover, which finishes it or takes it back",
  });
}
