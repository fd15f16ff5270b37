/**
 * Undoing a generation.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { closeLog, type Due, openLog } from "../due/mod.ts";
import { lstat, mkdir, readMounts } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { WholeGeneration } from "./generations.ts";
import { parentOf } from "./conflict.ts";
import { explained } from "./explained.ts";
import { commitJournal, type Journal, statusOf } from "./journal.ts";
import { journalPath } from "../state/generations.ts";
import { Live } from "./live.ts";
import { identityOf, inverse, type Operation } from "./operation.ts";
import { flagged } from "./preflight.ts";
import { changedSince } from "./since.ts";
import { touchedFirst } from "./touched_first.ts";
import { carryOut, parentsOf, restoreTimes } from "./transaction.ts";

/** What a rollback may do. */
export interface RollbackOptions {
  /** The new generation's id. */
  readonly id: string;
  /** Undo even where others have changed a path since. */
  readonly force: boolean;
  /** What is due once the undo is committed. */
  readonly due?: Due;
}

/**
 * Undo a generation: a transaction whose operations are the inverse, and which can be undone
 * itself. Refuses, naming them, where paths are not as the dance left them, unless forced.
 */
export async function rollback(
  context: Context,
  generation: WholeGeneration,
  options: RollbackOptions,
): Promise<Journal> {
  const action = `undo generation "${generation.journal.id}"`;
  return await explained(action, () => undoAll(context, generation, options));
}

async function undoAll(
  context: Context,
  generation: WholeGeneration,
  options: RollbackOptions,
): Promise<Journal> {
  const { journal } = generation;
  using live = new Live(journal.root, dirname(generation.folder), journal.areas);
  const operations = await undoing(generation, live, options.force);
  const folder = `${context.roots.generations}/${options.id}`;
  mkdir(folder, 0o700);
  const taking: Journal = {
    ...journal,
    id: options.id,
    date: new Date().toISOString(),
    undoes: journal.id,
    operations,
    parents: parentsOf(operations, live),
  };
  // What was due after the merge is not due after its undo.
  const { due: _, ...rest } = taking;
  const whole: Journal = { ...rest, ...options.due && { due: options.due } };
  openLog(context.roots, options.id);
  try {
    await commitJournal(folder, whole);
    carryOut(folder, whole, live);
  } catch (error) {
    const isLeft = lstat(journalPath(folder)) && statusOf(folder) === "pending";
    if (!isLeft) closeLog(context.roots, options.id);
    throw error;
  }
  restoreTimes(journal, live);
  return whole;
}

/** Throw as {@linkcode rollback} does where a generation cannot be undone; nothing is written. */
export async function requireUndoable(generation: WholeGeneration, force: boolean): Promise<void> {
  const { id, root, areas } = generation.journal;
  await explained(`undo generation "${id}"`, async () => {
    using live = new Live(root, dirname(generation.folder), areas);
    await undoing(generation, live, force);
  });
}

/** The operations that undo a generation. Throws where that cannot be. */
async function undoing(
  generation: WholeGeneration,
  live: Live,
  force: boolean,
): Promise<Operation[]> {
  const { journal } = generation;
  requireDone(generation);
  const reversed = journal.operations.toReversed().flatMap((o) => undo(o, live));
  const operations = touchedFirst(reversed, live);
  requireNoMounts(journal, operations);
  if (!force) await requireUnchanged(generation);
  requireSlots(operations, live);
  requireNoFlags(journal, live);
  return operations;
}

/** Throw where something is mounted at or below what is taken away: it would go along. */
function requireNoMounts({ id, root }: Journal, operations: readonly Operation[]): void {
  const taken = new Set(
    operations.filter(({ kind, before }) => kind !== "attributes" && before !== null)
      .map(({ path }) => path),
  );
  const top = root === "/" ? "" : root;
  for (const mount of readMounts()) {
    if (!mount.path.startsWith(`${top}/`)) continue;
    const path = mount.path.slice(top.length);
    let folder = path;
    while (folder !== "/" && folder !== "" && !taken.has(folder)) folder = parentOf(folder);
    if (!taken.has(folder)) continue;
    throw new DiscoError(
      `Cannot undo generation "${id}": "${
        printable(folder)
      }" would be taken away, and a file system ` +
        `is mounted at "${printable(path)}"`,
      { hint: "unmount it, then undo the generation; nothing has been changed" },
    );
  }
}

function requireNoFlags({ id, operations }: Journal, live: Live): void {
  for (const { path, kind } of operations) {
    const found = flagged(path, kind === "attributes", live);
    if (!found) continue;
    throw new DiscoError(
      `Cannot undo generation "${id}": "${printable(path)}" cannot be changed: ${found.why}`,
      { hint: `${found.cure} lets it be changed; nothing has been changed` },
    );
  }
}

/** What cannot be found is said before anything is written. */
function requireSlots(operations: readonly Operation[], live: Live): void {
  for (const operation of operations) {
    if (operation.kind !== "attributes") live.staging.of(operation.path);
  }
}

function requireDone({ journal, status, undoneBy }: WholeGeneration): void {
  if (status === "given-up") {
    throw new DiscoError(
      `Cannot undo generation "${journal.id}": it was given up, and what it replaced is not kept`,
    );
  }
  if (status !== "done" || undoneBy !== null) {
    throw new DiscoError(`Cannot undo generation "${journal.id}": it has been undone already`);
  }
}

async function requireUnchanged({ journal, folder }: WholeGeneration): Promise<void> {
  const { others: changed } = await changedSince(journal, folder);
  if (changed.length === 0) return;
  const names = changed.slice(0, 5).map((path) => `"${printable(path)}"`).join(", ");
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
  throw new DiscoError(
    `Cannot undo generation "${journal.id}": changed since then: ${names}${more}`,
    {
      hint: "look at them; --force undoes the generation all the same",
    },
  );
}

/** The inverse of an operation, from what is there now: forced, that may be another's. */
function undo(operation: Operation, live: Live): Operation[] {
  const { path } = operation;
  const back = inverse(operation);
  if (back.kind === "attributes") {
    const now = live.attributes(path);
    if (!now) return [];
    const { ino, ...before } = now;
    return [{ ...back, before, ino }];
  }
  const stat = live.stat(path);
  const before = stat ? identityOf(stat) : null;
  if (!before && !back.after) return [];
  return [{ ...back, before, kind: !before ? "add" : back.after ? "swap" : "delete" }];
}
