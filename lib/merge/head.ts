/**
 * The heads of journals: what nearly every command reads of each generation.
 *
 * @module
 */
import { basename } from "@std/path";
import { lstat, type Stat, SyscallError } from "../posix/mod.ts";
import { headPath, journalPath } from "../state/generations.ts";
import { headOf, type JournalHead, readJournal } from "./journal.ts";
import { unsealed } from "./sealed.ts";

/** Heads that have been read, by folder, with the journal's file that they are of. */
const known = new Map<string, { of: string; head: JournalHead }>();

/**
 * The head of the journal in a generation's folder; undefined where nothing was committed. Where the
 * head is missing (generations of old versions) or damaged, the journal is read: throws if that is
 * damaged, too.
 */
export async function readHead(folder: string): Promise<JournalHead | undefined> {
  const journal = lstat(journalPath(folder));
  if (!journal) return undefined;
  const of = identity(journal);
  const before = known.get(folder);
  if (before?.of === of) return before.head;
  const head = await fromHead(folder) ?? await fromJournal(folder);
  if (head) known.set(folder, { of, head });
  return head;
}

/** Undefined where the generation was removed meanwhile. */
async function fromJournal(folder: string): Promise<JournalHead | undefined> {
  const journal = await readJournal(folder);
  return journal && headOf(journal);
}

async function fromHead(folder: string): Promise<JournalHead | undefined> {
  try {
    const text = await unsealed(headPath(folder));
    const head: JournalHead | undefined = text === undefined ? undefined : JSON.parse(text);
    return head?.id === basename(folder) ? head : undefined;
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function identity({ ino, size, mtime }: Stat): string {
  return `${ino}/${size}/${mtime}`;
}
