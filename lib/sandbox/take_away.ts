/**
 * Takes away what scripts have left in folders of DISCO's own. A script can leave a million files, or
 * directories 20,000 deep: to remove them all would keep Ctrl-C waiting.
 *
 * @module
 */
import {
  close,
  listXattr,
  lstat,
  mkdir,
  O,
  open,
  readdir,
  readdirOf,
  rename,
  rmdir,
  SyscallError,
  unlink,
} from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** Names that are removed at once; what is left goes with the scratchpad. */
const MOST_NAMES = 10_000;
/** Directories in one another. */
const MOST_LEVELS = 50;
/** Names of a folder that are taken away one by one. */
const FEW_NAMES = 20;

/** Empty a folder of the scratchpad: the same folder if it is still as it was made, or a new one. */
export function freshFolder(union: Union, path: string, mode: number): void {
  if (isAsMade(path, mode)) {
    const names = readdir(path, undefined, FEW_NAMES + 1);
    if (names.length <= FEW_NAMES) {
      return names.forEach(({ name }) => takeAway(union, `${path}/${name}`));
    }
  }
  takeAway(union, path);
  mkdir(path, mode);
}

/** Attributes of security modules are the kernel's own. */
function isAsMade(path: string, mode: number): boolean {
  const stat = lstat(path);
  return stat?.type === "directory" && stat.mode === mode && stat.uid === 0 && stat.gid === 0 &&
    listXattr(path).every((name) => name.startsWith("security."));
}

/**
 * Move what is at a path of the scratchpad out of the way, if something is, and free its space as far
 * as that takes no time.
 */
export function takeAway(union: Union, path: string): void {
  if (done(() => unlink(path))) return;
  const aside = crypto.randomUUID();
  const trash = union.folder("trash", 0o700);
  try {
    rename(path, `${trash}/${aside}`);
  } catch (error) {
    if (error instanceof SyscallError && error.code === "ENOENT") return;
    throw error;
  }
  const dir = open(trash, O.RDONLY | O.DIRECTORY);
  try {
    remove(aside, dir, { names: MOST_NAMES, levels: MOST_LEVELS });
  } finally {
    close(dir);
  }
}

interface Budget {
  names: number;
  readonly levels: number;
}

/** Remove a tree by descriptors, without following links, until the budget is used up. */
function remove(name: string, dir: number, budget: Budget): void {
  if (budget.levels === 0 || budget.names-- <= 0) return;
  if (done(() => unlink(name, dir))) return;
  let fd: number;
  try {
    fd = open(name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0, dir);
  } catch (error) {
    if (error instanceof SyscallError) return;
    throw error;
  }
  try {
    const inner = { names: budget.names, levels: budget.levels - 1 };
    for (const entry of readdirOf(fd, name, budget.names)) remove(entry.name, fd, inner);
    budget.names = inner.names;
  } finally {
    close(fd);
  }
  done(() => rmdir(name, dir));
}

/** Whether it could be done; what is left is in nobody's way. */
function done(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
