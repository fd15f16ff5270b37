/**
 * Paths that are not as a generation left them, told apart by who changes them.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { lstat, readdir, type Stat } from "../posix/mod.ts";
import { isApplied } from "./apply.ts";
import { isChangedBelow, parentOf } from "./conflict.ts";
import { type Journal, readJournal, statusOf } from "./journal.ts";
import { Live } from "./live.ts";
import { isSame, type Operation } from "./operation.ts";

/**
 * What programs of packages write by themselves: folders of logs and caches, and files that such
 * programs make anew. The database of installed packages is none: it changes when packages do, and to
 * bring an older one back would forget those.
 */
const OWN: readonly RegExp[] = [
  /^\/var\/(log|cache|backups|spool|tmp)(\/|$)/,
  /^\/var\/lib\/(apt|apt-xapian-index|command-not-found|systemd|logrotate|man-db|ucf|mlocate)(\/|$)/,
  /^\/var\/lib\/dpkg\/(lock|lock-frontend|triggers\/Lock|[a-z]+-old)$/,
  /^\/etc\/(ld\.so\.cache|\.updated)$/,
];

/** Changed since, and by whom. */
export interface ChangedSince {
  /** Logs, caches and the like. */
  readonly own: readonly string[];
  /** Others' work: it is not taken away without force. */
  readonly others: readonly string[];
}

/** Look for paths that are not as the generation left them. */
export async function changedSince(
  { root, operations }: Journal,
  folder: string,
): Promise<ChangedSince> {
  const since = lstat(`${folder}/done`)?.ctime;
  if (since === undefined) {
    throw new DiscoError(
      `Cannot look at generation "${basename(folder)}": it was undone or removed meanwhile`,
      { hint: "see disco history" },
    );
  }
  const back = await putBackSince(folder);
  using live = new Live(root, dirname(folder));
  const changed = operations.filter((operation) => !isUntouched(operation, live, since, back))
    .map(({ path }) => path);
  const isOwn = (path: string) => OWN.some((pattern) => pattern.test(path));
  return { own: changed.filter(isOwn), others: changed.filter((path) => !isOwn(path)) };
}

function isUntouched(
  operation: Operation,
  live: Live,
  since: bigint,
  back: PutBack,
): boolean {
  if (operation.kind === "attributes") return isApplied(operation, live);
  const stat = live.stat(operation.path);
  if (!isSame(stat, operation.after)) return false;
  const isChanged = (stat: Stat, path: string) => {
    if (stat.ctime <= since) return false;
    if (stat.type === "directory" && stat.mtime <= since && back.parents.has(path)) return false;
    const operation = back.operations.get(path);
    return operation === undefined || !isAsLeft(stat, operation, since);
  };
  return stat?.type !== "directory" || !isChangedBelow(live.tree, operation.path, isChanged);
}

/** Whether an undo has left an entry like this, and nobody has written to it between. */
function isAsLeft(stat: Stat, operation: Operation, since: bigint): boolean {
  if (operation.kind !== "attributes") return isSame(stat, operation.after);
  const { mode, uid, gid, mtime } = operation.after;
  const isWritten = mtime === undefined ? stat.mtime > since : String(stat.mtime) !== mtime;
  return !isWritten && stat.mode === mode && stat.uid === uid && stat.gid === gid;
}

/** What undos have put back, by path, and the directories that hold it. */
interface PutBack {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly parents: ReadonlySet<string>;
}

/**
 * What undos of later generations have put back, by path: they change times that only the kernel sets,
 * although everything is as it was. What another generation has changed after that is not there.
 */
async function putBackSince(folder: string): Promise<PutBack> {
  const all = dirname(folder);
  const later = readdir(all).map(({ name }) => name).sort()
    .filter((name) => name > basename(folder) && statusOf(`${all}/${name}`) === "done");
  const back = new Map<string, Operation>();
  const plain = new Set<string>();
  for (const name of later) {
    const journal = await readJournal(`${all}/${name}`).catch(() => undefined);
    if (!journal) continue;
    const { undoes, operations } = journal;
    if (undoes === null) plain.add(name);
    const isBack = undoes !== null && plain.has(undoes);
    for (const operation of operations) {
      if (isBack) back.set(operation.path, operation);
      else back.delete(operation.path);
    }
  }
  return { operations: back, parents: new Set([...back.keys()].map(parentOf)) };
}
