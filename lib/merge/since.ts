/**
 * Paths that are not as a generation left them, told apart by who changes them.
 *
 * @module
 */
import { dirname } from "@std/path";
import { isApplied } from "./apply.ts";
import { isChangedBelow } from "./conflict.ts";
import { lstat } from "../posix/mod.ts";
import type { Journal } from "./journal.ts";
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
export function changedSince({ root, operations }: Journal, folder: string): ChangedSince {
  const since = lstat(`${folder}/done`)!.ctime;
  using live = new Live(root, dirname(folder));
  const changed = operations.filter((operation) => !isUntouched(operation, live, since))
    .map(({ path }) => path);
  const isOwn = (path: string) => OWN.some((pattern) => pattern.test(path));
  return { own: changed.filter(isOwn), others: changed.filter((path) => !isOwn(path)) };
}

function isUntouched(operation: Operation, live: Live, since: bigint): boolean {
  if (operation.kind === "attributes") return isApplied(operation, live);
  const stat = live.stat(operation.path);
  if (!isSame(stat, operation.after)) return false;
  return stat?.type !== "directory" ||
    !isChangedBelow(live.tree, operation.path, (ctime) => ctime > since);
}
