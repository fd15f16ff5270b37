/**
 * A merge from its beginning to its end: begin, prepare, commit; or abandon.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Difference } from "../changes/mod.ts";
import type { Context } from "../context/mod.ts";
import { ChangedError, Tree } from "../door/mod.ts";
import { closeLog, type Due, openLog } from "../due/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { lstat, removeTree, SyscallError } from "../posix/mod.ts";
import { apply, takeBack } from "./apply.ts";
import { ConflictError, parentOf, requireClock } from "./conflict.ts";
import { dropUncommitted } from "./drop_area.ts";
import { future, type Look } from "./future.ts";
import { commitJournal, type Journal, markStatus, statusOf } from "./journal.ts";
import { journalPath } from "../state/generations.ts";
import { Live } from "./live.ts";
import { DatabaseLocks } from "./locks.ts";
import { type Observation, observe, type ObserveOptions } from "./observe.ts";
import type { Operation } from "./operation.ts";
import { inOrder } from "./order.ts";
import { prepare } from "./prepare.ts";
import type { OnProgress } from "./progress.ts";
import { touchedFirst } from "./touched_first.ts";

/** A transaction that has marked the time, and touched nothing but DISCO's own folder. */
export interface Transaction extends Observation {
  readonly id: string;
  /** The generation's folder. */
  readonly folder: string;
}

/**
 * Begin: mark the time, and look at the paths that are to be watched. To be called before the union is
 * mounted.
 */
export async function begin(
  context: Context,
  id: string,
  options: ObserveOptions,
): Promise<Transaction> {
  const folder = `${context.roots.generations}/${id}`;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return { id, folder, ...await observe(context.root, folder, options) };
  } catch (error) {
    removeTree(folder);
    throw new DiscoError(`Cannot prepare a merge in "${folder}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Leave everything as it was; safe to call for a transaction that was committed, too. */
export function abandon({ folder }: Transaction): void {
  if (!lstat(journalPath(folder))) removeTree(folder);
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
  /**
   * Works out, when everything is staged, what is due after the commit; `look` says what will be live
   * at a path then. May throw to keep the commit from happening.
   */
  readonly due?: (look: Look) => Due | Promise<Due>;
  /** Called right before the commit; may throw to keep it from happening. */
  readonly beforeCommit?: () => void | Promise<void>;
  /** Called for each entry that is copied and each operation that is carried out. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Merge the changes, all of them or none. Throws `ConflictError` before anything is changed if
 * another process was faster; throws after everything was taken back if an operation fails.
 */
export async function commit(transaction: Transaction, options: CommitOptions): Promise<Journal> {
  const { folder } = transaction;
  using live = new Live(options.context.root, dirname(folder));
  using _locks = new DatabaseLocks(live.tree, options.difference.changes);
  const journal = await stage(transaction, options, live);
  try {
    carryOut(folder, journal, live, options.onProgress);
  } catch (error) {
    if (statusOf(folder) === "undone") closeLog(options.context.roots, transaction.id);
    throw error;
  }
  return journal;
}

/** Everything up to the one rename that commits: when this throws, nothing has been changed. */
async function stage(
  transaction: Transaction,
  options: CommitOptions,
  live: Live,
): Promise<Journal> {
  const { folder } = transaction;
  const { roots } = options.context;
  try {
    requireClock(transaction.bootTime);
    using union = new Tree(options.union);
    const mark = BigInt(transaction.mark);
    const prepared = await prepare({ ...transaction, ...options, mark, live, union });
    const operations = touchedFirst(inOrder(prepared), live);
    const due = await options.due?.(future(operations, live));
    const journal = { ...journalOf(transaction, options, operations, live), ...due && { due } };
    openLog(roots, transaction.id);
    await options.beforeCommit?.();
    await commitJournal(folder, journal);
    return journal;
  } catch (cause) {
    unstage(folder, live);
    closeLog(roots, transaction.id);
    if (cause instanceof ChangedError) throw new ConflictError(cause.path);
    if (!(cause instanceof SyscallError)) throw cause;
    throw new DiscoError(`Cannot stage the changes: ${cause.message}`, {
      hint: "nothing has been changed; put that right, then dance again",
      cause,
    });
  }
}

/** Remove what was staged; the error that comes after says more than one that is met here. */
function unstage(folder: string, live: Live): void {
  try {
    dropUncommitted(folder, live.tree);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
}

function journalOf(
  transaction: Transaction,
  { context, balls }: CommitOptions,
  operations: readonly Operation[],
  live: Live,
): Journal {
  return {
    schema: 2,
    id: transaction.id,
    node: context.node,
    root: context.root,
    date: new Date().toISOString(),
    balls,
    undoes: null,
    areas: live.staging.areas,
    operations,
    parents: parentsOf(operations, live),
  };
}

/**
 * Carry out a committed journal; where that is impossible, take everything back and throw.
 *
 * @param live With the journal's areas; opened anew if it is not given.
 */
export function carryOut(
  folder: string,
  journal: Journal,
  live?: Live,
  onProgress?: OnProgress,
): void {
  if (!live) {
    using own = new Live(journal.root, dirname(folder), journal.areas);
    return carryOut(folder, journal, own, onProgress);
  }
  const { operations } = journal;
  try {
    for (const [done, operation] of operations.entries()) {
      onProgress?.({ step: "apply", done, total: operations.length });
      apply(operation, live);
    }
    live.staging.sync();
    markStatus(folder, "done");
  } catch (error) {
    takeAllBack(folder, journal, live, error);
  }
}

function takeAllBack(folder: string, journal: Journal, live: Live, cause: unknown): never {
  try {
    for (const operation of journal.operations.toReversed()) takeBack(operation, live);
    restoreTimes(journal, live);
    live.staging.sync();
    markStatus(folder, "undone");
  } catch (error) {
    throw new DiscoError(
      `${messageOf(cause)}; taking the merge back failed, too: ${messageOf(error)}`,
      {
        hint: "put that right, then run disco recover; what is to be done is in " +
          `"${journalPath(folder)}"; disco recover --give-up ${journal.id} leaves it as it is`,
        cause,
      },
    );
  }
  if (cause instanceof ConflictError) throw cause;
  throw new DiscoError(`${messageOf(cause)}; everything was taken back`, { cause });
}

/** Directories whose entries an operation changes, with their times. */
export function parentsOf(operations: readonly Operation[], live: Live): Journal["parents"] {
  const moved = operations.filter(({ kind }) => kind !== "attributes").map(({ path }) =>
    parentOf(path)
  );
  return [...new Set(moved)].flatMap((path) => {
    const stat = live.stat(path);
    return stat ? [{ path, mtime: String(stat.mtime) }] : [];
  });
}

/** Give the directories the times back that they had before the journal's operations. */
export function restoreTimes(journal: Journal, live: Live): void {
  for (const { path, mtime } of journal.parents) live.setTime(path, BigInt(mtime));
}
