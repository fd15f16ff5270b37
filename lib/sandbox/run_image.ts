/**
 * The /run of the sandbox: the directories of the live one, empty, with their owners and modes, as
 * `sshd -t` or php-fpm want them. No file, socket or FIFO of the host is there.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { type DirectoryEntry, machineView, type Stat, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Union } from "../union/mod.ts";
import { resolverOf } from "./resolver.ts";

/** A directory of /run. */
export interface RunFolder {
  /** Absolute: `/run/sshd`. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What of the live /run is looked at. */
const MOST = { folders: 2_000, names: 20_000, levels: 8 } as const;
/** Paths of one ball that are reported. */
const MOST_TOLD = 20;
/** Commands leave these on every machine, and none is needed later. */
const NEVER_TOLD = ["/run/adduser", "/run/disco", "/run/lock"];

const known = new WeakMap<Union, readonly RunFolder[]>();

/** The directories of the live /run, those above first; read once for a union. */
export function runFolders(union: Union): readonly RunFolder[] {
  const folders = known.get(union) ?? read(union.root);
  known.set(union, folders);
  return folders;
}

/** Make the directories in a new, empty folder that the sandbox will see as /run. */
export function layRun(union: Union, run: string): void {
  using tree = new Tree(run);
  for (const { path, mode, uid, gid } of runFolders(union)) {
    const at = path.slice("/run".length);
    tree.mkdir(at, 0o700);
    using made = tree.hold(at);
    // Without root everything is the user's own.
    if (machineView().hasOwners) made.chown(uid, gid);
    made.chmod(mode);
  }
}

/** What scripts have left in the sandbox's /run: it is not merged. The outermost paths only. */
export function leftInRun(union: Union): string[] {
  using tree = new Tree(union.folder("volatile"));
  const folders = new Map(runFolders(union).map((folder) => [folder.path, folder]));
  // The sandbox shows the host's there.
  using live = new Tree(union.root);
  const notTold = [...NEVER_TOLD, resolverOf(live) ?? "/run/disco"];
  const left: string[] = [];
  for (const top of ["/run", ...folders.keys()]) {
    if (tree.stat(top)?.type !== "directory") continue;
    for (const { name } of listed(tree, top)) {
      const path = `${top}/${name}`;
      if (notTold.some((own) => `${path}/`.startsWith(`${own}/`))) continue;
      const stat = tree.stat(path);
      if (stat && !isAsBefore(folders.get(path), stat)) left.push(path);
      if (left.length > MOST_TOLD) return left;
    }
  }
  return left;
}

/** Names the paths, and says that there are more. */
export function tellLeft(left: readonly string[]): string[] {
  const shown = left.slice(0, MOST_TOLD).map((path) => `${printable(path)} is not kept`);
  return left.length > MOST_TOLD ? [...shown, "more of /run is not kept"] : shown;
}

function isAsBefore(before: RunFolder | undefined, now: Stat): boolean {
  if (before === undefined) return false;
  const isSameOwner = !machineView().hasOwners ||
    (before.uid === now.uid && before.gid === now.gid);
  return now.type === "directory" && before.mode === now.mode && isSameOwner;
}

function read(root: string): RunFolder[] {
  using tree = new Tree(root);
  const own = tree.stat("/run");
  if (own?.type !== "directory") return [];
  const found: RunFolder[] = [];
  let names = 0;
  const look = (folder: string, level: number): void => {
    for (const { name, type } of listed(tree, folder)) {
      if (found.length === MOST.folders || ++names > MOST.names) return;
      const path = `${folder}/${name}`;
      if (path === "/run/disco" || (type !== undefined && type !== "directory")) continue;
      const stat = tree.stat(path);
      if (stat?.type !== "directory") continue;
      const { mode, uid, gid, mount } = stat;
      found.push({ path, mode, uid, gid });
      if (level < MOST.levels && isShown(folder, path, mount === own.mount)) look(path, level + 1);
    }
  };
  look("/run", 1);
  return found;
}

/** What goes away meanwhile, or may not be read, holds nothing. */
function listed(tree: Tree, folder: string): DirectoryEntry[] {
  try {
    return tree.list(folder, MOST.names);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/** What is in users' folders is theirs, and other file systems are shown as empty folders. */
function isShown(folder: string, path: string, isSameMount: boolean): boolean {
  return folder !== "/run/user" && (isSameMount || path === "/run/lock");
}
