/**
 * A merge from its beginning to its end: begin, prepare, commit; or abandon.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Difference } from "../changes/mod.ts";
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { lstat, O, open, removeTree, syncfs, SyscallError, withFile } from "../posix/mod.ts";
import { apply, takeBack } from "./apply.ts";
import { type Area, dropAreas, makeAreas, type MergePlace } from "./area.ts";
import { bootTime, ConflictError, requireClock } from "./conflict.ts";
import { commitJournal, type Journal, markStatus } from "./journal.ts";
import { Live } from "./live.ts";
import { DatabaseLocks } from "./locks.ts";
import type { Operation } from "./operation.ts";
import { prepare } from "./prepare.ts";

/** A transaction that has its private folders, and has not touched anything else yet. */
export interface Transaction {
  readonly id: string;
  /** The generation's folder. */
  readonly folder: string;
  readonly areas: readonly Area[];
  /** Milliseconds since the epoch: when the machine was booted, as its clock said at the beginning. */
  readonly bootTime: number;
}

/** Begin: make the private folders and mark the time. To be called before the union is mounted. */
export function begin(context: Context, id: string, places: readonly MergePlace[]): Transaction {
  const folder = `${context.roots.generations}/${id}`;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return { id, folder, bootTime: bootTime(), areas: makeAreas(places, folder) };
  } catch (error) {
    removeTree(folder);
    throw new DiscoError(`Cannot prepare a merge in "${folder}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Leave everything as it was; safe to call for a transaction that was committed, too. */
export function abandon(transaction: Transaction): void {
  if (lstat(`${transaction.folder}/journal.json`)) return;
  dropAreas(transaction.areas);
  removeTree(transaction.folder);
}

/** What a commit needs to know besides the changes. */
export interface CommitOptions {
  readonly context: Context;
  readonly balls: readonly string[];
  /** Where the union is mounted. */
  readonly union: string;
  readonly difference: Difference;
  /** Mount points inside the root. */
  readonly mountpoints: readonly string[];
  /** Called when everything is staged, right before the commit; may throw to keep it from happening. */
  readonly beforeCommit?: () => void;
}

/**
 * Merge the changes, all of them or none. Throws `ConflictError` before anything is changed if
 * somebody else was faster; throws after everything was taken back if an operation fails.
 */
export async function commit(transaction: Transaction, options: CommitOptions): Promise<Journal> {
  const { folder } = transaction;
  using _locks = new DatabaseLocks(options.context.root, options.difference.changes);
  const journal = await stage(transaction, options);
  carryOut(folder, journal);
  return journal;
}

/** Everything up to the one rename that commits: when this throws, nothing has been changed. */
async function stage(transaction: Transaction, options: CommitOptions): Promise<Journal> {
  const { context, difference, union, mountpoints } = options;
  const { root } = context;
  try {
    const { areas } = transaction;
    requireClock(transaction.bootTime);
    const operations = prepare({ root, union, areas, difference, mountpoints });
    const isUsed = ({ folder }: Area) =>
      operations.some((o) => o.kind !== "attributes" && dirname(o.slot) === folder);
    dropAreas(areas.filter((area) => !isUsed(area)));
    const journal = journalOf(transaction, options, operations, areas.filter(isUsed));
    options.beforeCommit?.();
    await commitJournal(transaction.folder, journal);
    return journal;
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new DiscoError(`Cannot stage the changes: ${cause.message}`, {
      hint: "nothing has been changed; mend that, then dance again",
      cause,
    });
  }
}

function journalOf(
  transaction: Transaction,
  { context, balls }: CommitOptions,
  operations: readonly Operation[],
  areas: readonly Area[],
): Journal {
  const { root } = context;
  return {
    schema: 1,
    id: transaction.id,
    node: context.node,
    root,
    date: new Date().toISOString(),
    balls,
    undoes: null,
    areas,
    operations,
    parents: parentsOf(operations, root),
  };
}

/** Carry out a committed journal; where that is impossible, take everything back and throw. */
export function carryOut(folder: string, journal: Journal): void {
  const { root, operations } = journal;
  const prefix = root === "/" ? "" : root;
  const live = new Live(root);
  try {
    for (const operation of operations) apply(operation, live, prefix);
    syncAreas(journal);
    markStatus(folder, "done");
  } catch (error) {
    takeAllBack(folder, journal, live, error);
  } finally {
    live.close();
  }
}

function takeAllBack(folder: string, journal: Journal, live: Live, cause: unknown): never {
  const prefix = journal.root === "/" ? "" : journal.root;
  try {
    for (const operation of journal.operations.toReversed()) takeBack(operation, live, prefix);
    restoreTimes(journal, live);
    syncAreas(journal);
    markStatus(folder, "undone");
  } catch (error) {
    throw new DiscoError(
      `${messageOf(cause)}; taking the merge back failed, too: ${messageOf(error)}`,
      {
        hint:
          `mend that, then run disco recover; what is to be done is in "${folder}/journal.json"`,
        cause,
      },
    );
  }
  if (cause instanceof ConflictError) throw cause;
  throw new DiscoError(`${messageOf(cause)}; everything was taken back`, { cause });
}

/** Directories whose entries an operation changes, with their times. */
export function parentsOf(operations: readonly Operation[], root: string): Journal["parents"] {
  const prefix = root === "/" ? "" : root;
  const moved = operations.filter(({ kind }) => kind !== "attributes").map(({ path }) =>
    dirname(path)
  );
  return [...new Set(moved)].flatMap((path) => {
    const stat = lstat(prefix + path);
    return stat ? [{ path, mtime: String(stat.mtime) }] : [];
  });
}

/** Give the directories the times back that they had before the journal's operations. */
export function restoreTimes(journal: Journal, live: Live): void {
  for (const { path, mtime } of journal.parents) {
    if (live.stat(path)?.type === "directory") live.setTime(path, BigInt(mtime));
  }
}

function syncAreas({ areas }: Journal): void {
  for (const { folder } of areas) {
    if (lstat(folder)) withFile(open(folder, O.RDONLY), (fd) => syncfs(fd, folder));
  }
}
