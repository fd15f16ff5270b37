/**
 * Rollback and recovery, as commands.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import {
  type Generation,
  giveUp,
  type Journal,
  listGenerations,
  pendingMerges,
  recover,
  rollback,
} from "../merge/mod.ts";
import { lstat } from "../posix/mod.ts";
import { livePlaces } from "../union/mod.ts";
import { newDanceId } from "../report/mod.ts";
import { printable } from "../terminal/mod.ts";
import { repeatEffects } from "./after_undo.ts";
import { listUnconfirmed } from "./confirm.ts";
import { Lock } from "./lock.ts";
import { requireRoot } from "./require_root.ts";

/** Which generation, and how. */
export interface RollBackOptions {
  /** The last one that can be undone, if not given. */
  readonly id: string | undefined;
  readonly force: boolean;
  /** Carry out the effects of the dance again, so that services see their old files. */
  readonly effects: boolean;
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
  const undo = await undoGeneration(context, generation, options);
  return [
    ...recovered,
    `generation ${id} is undone by generation ${undo.id}: ${undo.operations.length} operations`,
  ];
}

/** Undo one generation; with `effects` those of its dance are carried out again. */
export async function undoGeneration(
  context: Context,
  generation: Generation,
  { force, effects }: Pick<RollBackOptions, "force" | "effects">,
): Promise<Journal> {
  const undo = await rollback(context, generation, { id: newDanceId(), force });
  const { id } = generation.journal;
  if (lstat(`${generation.folder}/confirm`)) Deno.removeSync(`${generation.folder}/confirm`);
  if (effects) await repeatEffects(context, id);
  return undo;
}

/**
 * Finish merges that were cut off, and undo those whose confirmation has not come in time; returns
 * what was done, one line each.
 */
export async function recoverMerges(context: Context): Promise<string[]> {
  requireRoot("recover");
  using _lock = new Lock(context);
  return await recoverAll(context);
}

/**
 * Leave a merge that can be neither finished nor taken back as it is, so that later dances go on;
 * returns what became of it, one line each.
 */
export async function giveUpMerge(context: Context, id: string): Promise<string[]> {
  requireRoot("give up a merge");
  using _lock = new Lock(context);
  return await giveUp(context, id);
}

/** What {@linkcode recoverMerges} does, for a caller that holds the lock. */
export async function recoverAll(context: Context): Promise<string[]> {
  const { roots, root } = context;
  const places = livePlaces(root, [roots.etc, roots.var, roots.run]);
  const lines = await recover(context, places.filter(({ kind }) => kind === "union"));
  for (const { generation, deadline } of await listUnconfirmed(context)) {
    const { id } = generation.journal;
    if (deadline > Date.now()) continue;
    const undo = await undoGeneration(context, generation, { force: true, effects: true });
    lines.push(`nobody confirmed generation ${id} in time: undone by generation ${undo.id}`);
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

function choose(generations: readonly Generation[], id: string | undefined): Generation {
  const isOpen = ({ status, undoneBy }: Generation) => status === "done" && undoneBy === null;
  const found = id === undefined
    ? generations.findLast((g) => isOpen(g) && g.journal.undoes === null)
    : generations.find(({ journal }) => journal.id === id);
  if (found) return found;
  const which = id === undefined ? "there is none" : `there is no "${printable(id)}"`;
  throw new DiscoError(`Cannot undo a generation: ${which}`, { hint: "see disco history" });
}
