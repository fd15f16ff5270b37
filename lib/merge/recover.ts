/**
 * Recovery: what a crash cut off is finished, or taken back.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { lstat, readdir, removeTree, rmdir } from "../posix/mod.ts";
import { keepingTime, type MergePlace, restoreNotedTimes, sharedFolder } from "./area.ts";
import { generationFolders } from "./generations.ts";
import { attempts, type Journal, noteAttempt, readJournal, statusOf } from "./journal.ts";
import { carryOut } from "./transaction.ts";

/** Tries before a person has to look. */
const ATTEMPTS = 3;

/**
 * Finish what a crash cut off; the caller holds the lock. Returns what was done, one line each.
 *
 * @param places Where staging folders can be, besides the generations' own.
 */
export async function recover(context: Context, places: readonly MergePlace[]): Promise<string[]> {
  const lines: string[] = [];
  const dropped: string[] = [];
  for (const folder of generationFolders(context)) {
    if (statusOf(folder) !== "pending") continue;
    const journal = await readJournal(folder);
    if (journal) lines.push(finish(folder, journal));
    else {
      dropped.push(folder);
      lines.push(`dropped the merge ${nameOf(folder)}: it was not committed`);
    }
  }
  const kept = generationFolders(context).filter((folder) => !dropped.includes(folder));
  for (const { live } of places) dropStaging(sharedFolder(live), new Set(kept.map(nameOf)));
  for (const folder of dropped) {
    restoreNotedTimes(folder);
    removeTree(folder);
  }
  return lines;
}

/** The merges that were committed and neither finished nor taken back. */
export function pendingMerges(context: Context): string[] {
  return generationFolders(context)
    .filter((folder) => statusOf(folder) === "pending" && lstat(`${folder}/journal.json`))
    .map(nameOf);
}

function finish(folder: string, journal: Journal): string {
  const tried = attempts(folder);
  if (tried >= ATTEMPTS) {
    throw new DiscoError(
      `Cannot recover the merge "${journal.id}": it was tried ${tried} times, and each time it failed`,
      {
        hint:
          `look at the kernel's log for errors of the disk; "${folder}/journal.json" says what ` +
          `was to be done, and the slots hold what is not live. Then remove "${folder}/attempt-*" and ` +
          "run disco recover, or put the files right by hand and remove the folder",
      },
    );
  }
  noteAttempt(folder);
  try {
    carryOut(folder, journal);
    return `finished the merge ${journal.id}`;
  } catch (error) {
    if (statusOf(folder) !== "undone") throw error;
    return `took back the merge ${journal.id}: ${messageOf(error)}`;
  }
}

/** Staging folders of merges that were never committed. */
function dropStaging(shared: string, kept: ReadonlySet<string>): void {
  if (lstat(shared)?.type !== "directory") return;
  const names = readdir(shared).map(({ name }) => name);
  const stale = names.filter((name) => !kept.has(name));
  for (const name of stale) removeTree(`${shared}/${name}`);
  if (stale.length === names.length) keepingTime(dirname(shared), () => rmdir(shared));
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
