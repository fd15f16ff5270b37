/**
 * The way out of a merge that recovery cannot finish: what is live stays, the rest is dropped.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { lstat, removeTree } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { type Area, isShared } from "./area.ts";
import { dropAreas, dropUncommitted } from "./drop_area.ts";
import { generationFolders, journalPath } from "../state/generations.ts";
import { type Journal, markStatus, readJournal, statusOf } from "./journal.ts";
import { Live } from "./live.ts";
import { isSame, type Operation, sameAttributes } from "./operation.ts";

/**
 * Give up a merge that was cut off, for a caller that holds the lock. Returns what is live at each of
 * its paths, one line each. Generations that have their old files in the same folders cannot be undone
 * afterwards, because some of those files are live now.
 */
export async function giveUp(context: Context, id: string): Promise<string[]> {
  const folder = generationFolders(context).find((one) => one.endsWith(`/${id}`));
  if (!folder || statusOf(folder) !== "pending" || !lstat(journalPath(folder))) {
    throw new DiscoError(`Cannot give up "${printable(id)}": no merge of that name was cut off`, {
      hint: "see disco history",
    });
  }
  const journal = await readOrReason(folder);
  if (typeof journal === "string") return dropUnreadable(context, folder, id, journal);
  using live = new Live(journal.root, context.roots.generations);
  const lines = journal.operations.map((o) => `${printable(o.path)}: ${stateOf(o, live)}`);
  const others = await sharing(context, folder, journal.areas);
  for (const other of others) markStatus(other, "given-up", "done");
  markStatus(folder, "given-up");
  dropAreas(journal.areas, live.tree, context.roots.generations);
  return [
    `gave up the merge ${id}; what is live stays:`,
    ...lines,
    ...others.map((other) => `generation ${nameOf(other)} cannot be undone any more`),
  ];
}

function stateOf(operation: Operation, live: Live): string {
  const { path } = operation;
  if (operation.kind === "attributes") {
    const now = live.attributes(path);
    if (now && sameAttributes(now, operation.after)) return "new";
    return now && sameAttributes(now, operation.before) ? "old" : "neither old nor new";
  }
  const stat = live.stat(path);
  if (isSame(stat, operation.after)) return operation.after ? "new" : "gone, which is new";
  if (isSame(stat, operation.before)) return operation.before ? "old" : "not there, which is old";
  return stat ? "neither old nor new" : "missing: it is neither old nor new";
}

/** Generations that were merged, and have slots in one of these folders. */
async function sharing(
  context: Context,
  folder: string,
  areas: readonly Area[],
): Promise<string[]> {
  const found: string[] = [];
  for (const other of generationFolders(context)) {
    if (other === folder || statusOf(other) !== "done") continue;
    const journal = await readOrReason(other);
    if (typeof journal !== "string" && isShared(journal.areas, areas)) found.push(other);
  }
  return found;
}

/** Of a journal that was damaged nothing is known but what lies in DISCO's own folder. */
function dropUnreadable(
  { root }: Context,
  folder: string,
  id: string,
  why: string,
): string[] {
  using live = new Tree(root);
  dropUncommitted(folder, live);
  removeTree(folder);
  return [
    `gave up the merge ${id}; what is live stays, and which paths it had changed is not known: ${why}`,
  ];
}

async function readOrReason(folder: string): Promise<Journal | string> {
  try {
    return (await readJournal(folder))!;
  } catch (error) {
    if (error instanceof DiscoError) return messageOf(error);
    throw error;
  }
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
