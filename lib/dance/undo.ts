/**
 * Rollback and recovery, as commands.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import { type Generation, listGenerations, recover, rollback } from "../merge/mod.ts";
import { livePlaces } from "../union/mod.ts";
import { newDanceId } from "../report/mod.ts";
import { printable } from "../terminal/mod.ts";
import { Lock } from "./lock.ts";
import { requireRoot } from "./require_root.ts";

/** Which generation, and how. */
export interface RollBackOptions {
  /** The last one that can be undone, if not given. */
  readonly id: string | undefined;
  readonly force: boolean;
}

/** Undo a generation; returns what was done, one line each. */
export async function rollBack(context: Context, options: RollBackOptions): Promise<string[]> {
  requireRoot("undo a dance");
  using _lock = new Lock(context);
  const recovered = await recoverAll(context);
  const generation = choose(await listGenerations(context), options.id);
  const { id, operations } = generation.journal;
  if (context.noop) {
    return [...recovered, `generation ${id} would be undone: ${operations.length} operations`];
  }
  const undo = await rollback(context, generation, { id: newDanceId(), force: options.force });
  return [
    ...recovered,
    `generation ${id} is undone by generation ${undo.id}: ${undo.operations.length} operations`,
  ];
}

/** Finish merges that were cut off; returns what was done, one line each. */
export async function recoverMerges(context: Context): Promise<string[]> {
  requireRoot("recover");
  using _lock = new Lock(context);
  return await recoverAll(context);
}

/** What {@linkcode recoverMerges} does, for a caller that holds the lock. */
export async function recoverAll(context: Context): Promise<string[]> {
  const { roots, root } = context;
  const places = livePlaces(root, [roots.etc, roots.var, roots.run]);
  return await recover(context, places.filter(({ kind }) => kind === "union"));
}

function choose(generations: readonly Generation[], id: string | undefined): Generation {
  const isOpen = ({ status, undoneBy }: Generation) => status === "done" && undoneBy === null;
  const found = id === undefined
    ? generations.findLast((g) => isOpen(g) && g.journal.undoes === null)
    : generations.find(({ journal }) => journal.id === id);
  if (found) return found;
  const which = id === undefined ? "there is none" : `there is no "${printable(id)}"`;
  throw new DiscoError(`Cannot undo a generation: ${which}`, { hint: "see disco history" });
}
