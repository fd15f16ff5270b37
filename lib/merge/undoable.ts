/**
 * What an undo does, and whether it can: known before anything is written.
 *
 * @module
 */
import { dirname } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { readMounts } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { explained } from "./explained.ts";
import type { WholeGeneration } from "./generations.ts";
import type { Journal } from "./journal.ts";
import { Live } from "./live.ts";
import { identityOf, inverse, type Operation } from "./operation.ts";
import { flagged, mountedIn } from "./preflight.ts";
import { changedSince } from "./since.ts";
import { touchedFirst } from "./touched_first.ts";

/** Throw where a generation cannot be undone, as its undo would. */
export async function requireUndoable(generation: WholeGeneration, force: boolean): Promise<void> {
  const { id, root, areas } = generation.journal;
  await explained(`undo generation "${id}"`, async () => {
    using live = new Live(root, dirname(generation.folder), areas);
    await undoing(generation, live, force);
  });
}

/** The operations that undo a generation. Throws where that cannot be; nothing is written. */
export async function undoing(
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
  const top = root === "/" ? "" : root;
  const mountpoints = readMounts().map(({ path }) => path).filter((path) =>
    path.startsWith(`${top}/`)
  ).map((path) => path.slice(top.length));
  for (const { path, kind, before } of operations) {
    const isTaken = kind !== "attributes" && before !== null;
    const mount = isTaken ? mountedIn(path, mountpoints) : undefined;
    if (mount === undefined) continue;
    throw new DiscoError(
      `Cannot undo generation "${id}": "${printable(path)}" would be taken away, and a file ` +
        `system is mounted at "${printable(mount)}"`,
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
