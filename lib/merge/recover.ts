/**
 * Recovery: what a crash cut off is finished, or taken back.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { Tree } from "../door/mod.ts";
import { lstat, removeTree } from "../posix/mod.ts";
import type { MergePlace } from "./area.ts";
import { dropUncommitted } from "./drop_area.ts";
import { explained } from "./explained.ts";
import { generationFolders } from "./generations.ts";
import { attempts, type Journal, noteAttempt, readJournal, statusOf } from "./journal.ts";
import { dropOldStaging } from "./old_staging.ts";
import { carryOut } from "./transaction.ts";

/** Tries before a person has to look. */
const ATTEMPTS = 3;

/**
 * Finish what a crash cut off; the caller holds the lock. Returns what was done, one line each.
 *
 * @param places Where staging folders of the first version can be.
 */
export async function recover(context: Context, places: readonly MergePlace[]): Promise<string[]> {
  const lines: string[] = [];
  for (const folder of generationFolders(context)) {
    if (statusOf(folder) !== "pending") continue;
    lines.push(
      await explained(`recover the merge "${nameOf(folder)}"`, async () => {
        const journal = await readJournal(folder);
        return journal ? finish(folder, journal) : drop(folder, context, places);
      }),
    );
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
          `run disco recover; or leave what is live as it is: disco recover --give-up ${journal.id}`,
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

/** Remove what was staged for a merge that was never committed. */
function drop(folder: string, { root }: Context, places: readonly MergePlace[]): string {
  using live = new Tree(root);
  dropUncommitted(folder, live);
  dropOldStaging(folder, places, live);
  removeTree(folder);
  return `dropped the merge ${nameOf(folder)}: it was not committed`;
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
