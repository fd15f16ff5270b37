/**
 * Rollback, as a command.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { commandLine } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import {
  type Generation,
  type Journal,
  listGenerations,
  readWhole,
  requireUndoable,
} from "../merge/mod.ts";
import { printable } from "../terminal/mod.ts";
import { Lock } from "../state/lock.ts";
import { recoverAll, refusePending } from "./recover.ts";
import { requireRoot } from "./require_root.ts";
import {
  impossibleLine,
  MOST_LINES,
  sayForced,
  undoGeneration,
  type UndoOptions,
  whatFollows,
} from "./undo.ts";

/** Which generation, and how. */
export interface RollBackOptions extends Omit<UndoOptions, "isEarly"> {
  /** The last one that can be undone, if not given. */
  readonly id: string | undefined;
}

/** What a rollback did, or would do. */
export interface RolledBack {
  readonly lines: readonly string[];
  /** Whether nothing of it is owed. */
  readonly isWhole: boolean;
}

/** Undo a generation. */
export async function rollBack(context: Context, options: RollBackOptions): Promise<RolledBack> {
  requireRoot("undo a dance");
  using _lock = new Lock(context);
  if (context.noop) refusePending(context, "show what a rollback does");
  const recovered = context.noop ? [] : await recoverAll(context);
  const generation = await readWhole(choose(await listGenerations(context), options.id));
  const { journal } = generation;
  const { id, operations } = journal;
  if (context.noop) {
    await requireUndoable(generation, options.force);
    await sayForced(generation, options.force);
    const follow = await whatFollows(context, journal, options);
    return {
      lines: [
        `generation ${id} would be undone: ${operations.length} operations`,
        ...pathLines(journal),
        ...follow.effects.map(({ argv }) => `would then run: ${commandLine(argv)}`),
        ...follow.impossible.map((effect) => impossibleLine(effect)),
      ],
      isWhole: true,
    };
  }
  const lines = pathLines(journal);
  const { undo, isWhole } = await undoGeneration(context, generation, options);
  return {
    lines: [
      ...recovered,
      ...lines,
      `generation ${id} is undone by generation ${undo.id}: ${undo.operations.length} operations`,
    ],
    isWhole,
  };
}

/** What becomes of each path, one line each. */
function pathLines({ operations }: Journal): string[] {
  const lines = operations.slice(0, MOST_LINES).map((operation) => {
    const path = printable(operation.path);
    if (operation.kind === "attributes") return `   attributes back: ${path}`;
    if (operation.after === null) return `   back again: ${path}`;
    return operation.before === null ? `   gone again: ${path}` : `   as before: ${path}`;
  });
  const more = operations.length - lines.length;
  return more > 0 ? [...lines, `   and ${more} more`] : lines;
}

function choose(generations: readonly Generation[], id: string | undefined): Generation {
  const isOpen = ({ status, undoneBy }: Generation) => status === "done" && undoneBy === null;
  const found = id === undefined
    ? generations.findLast((g) => isOpen(g) && g.head.undoes === null)
    : generations.find(({ head }) => head.id === id);
  if (found) return found;
  const which = id === undefined ? "there is none" : `there is no "${printable(id)}"`;
  throw new DiscoError(`Cannot undo a generation: ${which}`, { hint: "see disco history" });
}
