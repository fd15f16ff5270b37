/**
 * The journal of a generation. Its appearance under its final name is the commit.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Due } from "../due/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import {
  createFile,
  fsync,
  lstat,
  O,
  open,
  readdir,
  rename,
  syncFolder,
  unlink,
  withFile,
} from "../posix/mod.ts";
import { headPath, journalPath } from "../state/generations.ts";
import type { Area } from "./area.ts";
import { type OldJournal, upgrade } from "./old_journal.ts";
import type { Operation } from "./operation.ts";
import { sealed, unsealed } from "./sealed.ts";

/** What a transaction does, and what is needed to finish it or take it back. */
export interface Journal {
  readonly schema: 2;
  readonly id: string;
  readonly node: string;
  /** The root that is changed. */
  readonly root: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
  readonly balls: readonly string[];
  /** The generation that this one takes back. */
  readonly undoes: string | null;
  readonly areas: readonly Area[];
  readonly operations: readonly Operation[];
  /** Directories whose entries change, with their modification times (ns) before. */
  readonly parents: readonly { path: string; mtime: string }[];
  /** What is due once it is committed; journals of old versions have none. */
  readonly due?: Due;
}

/** A journal without what grows with the number of files. */
export interface JournalHead extends Omit<Journal, "operations" | "parents" | "due"> {
  readonly due?: Omit<Due, "delivered">;
}

/** What is kept of a journal beside it, to be read by itself. */
export function headOf({ operations: _, parents: __, due, ...rest }: Journal): JournalHead {
  if (!due) return rest;
  const { delivered: ___, ...small } = due;
  return { ...rest, due: small };
}

/**
 * Write the journal durably; once this returns, the transaction happens. When it throws, it does
 * not: a journal that could not be made durable is withdrawn. Its head comes first, and says nothing
 * without it; where a crash damages that, the journal is read in its place.
 */
export async function commitJournal(folder: string, journal: Journal): Promise<void> {
  const path = journalPath(folder);
  const draft = `${path}.new`;
  createFile(headPath(folder), await sealed(JSON.stringify(headOf(journal))), 0o600);
  createFile(draft, await sealed(JSON.stringify(journal)), 0o600);
  // Made now, because later there may be no room for a new name.
  createFile(`${folder}/pending`, new Uint8Array(), 0o600);
  withFile(open(draft, O.RDONLY), (fd) => fsync(fd, draft));
  syncFolder(folder);
  syncFolder(dirname(folder));
  rename(draft, path);
  try {
    syncFolder(folder);
  } catch (error) {
    unlink(path);
    throw error;
  }
}

/** The journal in a generation's folder, or undefined where nothing was committed. */
export async function readJournal(folder: string): Promise<Journal | undefined> {
  const path = journalPath(folder);
  if (!lstat(path)) return undefined;
  const text = await unsealed(path);
  if (text === undefined) {
    throw new DiscoError(`Cannot read "${path}": its hash does not match its content`, {
      hint:
        "the disk or a person has damaged it: look at it, restore it from a backup, or remove the " +
        `folder "${folder}"`,
    });
  }
  try {
    const journal = JSON.parse(text) as Journal | OldJournal;
    if (journal.schema === 1) return upgrade(journal);
    if (journal.schema === 2) return journal;
    const { schema } = journal as { schema: unknown };
    throw new Error(`it has schema ${schema}, expected 1 or 2`);
  } catch (error) {
    throw new DiscoError(`Cannot read "${path}": ${messageOf(error)}`);
  }
}

/** What became of a committed journal. */
export type Status = "pending" | "done" | "undone" | "given-up";

/**
 * The state of a generation's folder: `undone` is a merge that was taken back on the way, `given-up`
 * one that could be neither finished nor taken back.
 */
export function statusOf(folder: string): Status {
  const known = ["done", "undone", "given-up"] as const;
  return known.find((status) => lstat(`${folder}/${status}`)) ?? "pending";
}

/** Note durably that nothing is left to do. When it throws, the note is withdrawn. */
export function markStatus(
  folder: string,
  status: Exclude<Status, "pending">,
  before: Status = "pending",
): void {
  rename(`${folder}/${before}`, `${folder}/${status}`);
  try {
    syncFolder(folder);
  } catch (error) {
    rename(`${folder}/${status}`, `${folder}/${before}`);
    throw error;
  }
}

/** Times that recovery has been tried. */
export function attempts(folder: string): number {
  return readdir(folder).filter(({ name }) => name.startsWith("attempt-")).length;
}

/** Note that recovery is being tried once more. */
export function noteAttempt(folder: string): void {
  createFile(`${folder}/attempt-${attempts(folder) + 1}`, new Uint8Array(), 0o600);
  syncFolder(folder);
}
