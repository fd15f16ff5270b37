/**
 * Recovery: what a crash cut off is finished, or taken back.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { Tree } from "../door/mod.ts";
import { lstat, removeTree } from "../posix/mod.ts";
import type { Area, MergePlace } from "./area.ts";
import { intents, madeAreas } from "./area_notes.ts";
import { dropUncommitted } from "./drop_area.ts";
import { explained } from "./explained.ts";
import { generationFolders, journalPath } from "../state/generations.ts";
import { attempts, type Journal, noteAttempt, readJournal, statusOf } from "./journal.ts";
import { dropOldStaging } from "./old_staging.ts";
import { carryOut } from "./transaction.ts";

/** Tries before a person has to look. */
const ATTEMPTS = 3;

/**
 * Finish what a crash cut off; the caller holds the lock. Returns what was done, one line each.
 *
 * @param places What is mounted; where staging folders of the first version can be.
 * @param options `isEarly`: file systems may be missing that are mounted later; their merges wait.
 */
export async function recover(
  context: Context,
  places: readonly MergePlace[],
  { isEarly = false }: { isEarly?: boolean } = {},
): Promise<string[]> {
  const lines: string[] = [];
  for (const folder of generationFolders(context)) {
    if (statusOf(folder) !== "pending") continue;
    if (isEarly && !await isPendingReachable(folder, places)) continue;
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
    .filter((folder) => statusOf(folder) === "pending" && lstat(journalPath(folder)))
    .map(nameOf);
}

function finish(folder: string, journal: Journal): string {
  const tried = attempts(folder);
  if (tried >= ATTEMPTS) {
    throw new DiscoError(
      `Cannot recover the merge "${journal.id}": it was tried ${tried} times, and each time it failed`,
      {
        hint:
          `look at the kernel's log for errors of the disk; "${journalPath(folder)}" says what ` +
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

/** Whether the file systems that areas lie on are mounted. */
export function isReachable(
  areas: readonly Pick<Area, "place" | "home">[],
  places: readonly MergePlace[],
): boolean {
  return areas.flatMap(({ place, home }) => [place, home ?? "/"])
    .every((path) => path === "/" || places.some((one) => one.path === path));
}

async function isPendingReachable(
  folder: string,
  places: readonly MergePlace[],
): Promise<boolean> {
  const journal = await readJournal(folder);
  const planned = intents(folder).map(({ home }) => ({ place: home, home }));
  return isReachable([...journal?.areas ?? madeAreas(folder), ...planned], places);
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
