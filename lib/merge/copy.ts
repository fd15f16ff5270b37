/**
 * Copies from the union to a staging folder, with everything that belongs to an inode.
 *
 * @module
 */
import { ChangedError, sameInode, type Tree } from "../door/mod.ts";
import {
  close,
  copyContent,
  Descent,
  fchmod,
  fchown,
  fstat,
  futimens,
  lstat,
  mkdirPlain,
  mknod,
  O,
  open,
  openBeneath,
  openToLook,
  readdirOf,
  readlink,
  readXattrs,
  type Stat,
  symlink,
  SyscallError,
  writeXattrs,
} from "../posix/mod.ts";
import { type Storage, storageOf, store } from "./storage.ts";

/** A name of an inode that can be linked; `seen` is what must still be there. */
export interface KnownName {
  readonly tree: Tree;
  readonly path: string;
  readonly seen?: Stat;
}

/** Copies trees; names of one inode stay names of one inode, in all that one copier copies. */
export class Copier {
  readonly #known: Map<string, KnownName>;
  readonly #onEntry: (() => void) | undefined;
  readonly #files: ReadonlyMap<string, string>;

  /**
   * @param known Files (by the key that `files` gives them) that have a name already, to be linked.
   * @param files Paths of which is known which file they are names of. The union's inodes do not tell: as
   *   soon as a live file has another name, the names that are not copied yet get new numbers.
   * @param onEntry Called for each entry that is copied.
   */
  constructor(
    known: ReadonlyMap<string, KnownName> = new Map(),
    onEntry?: () => void,
    files: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#files = files;
    this.#known = new Map(known);
    this.#onEntry = onEntry;
  }

  /**
   * Copy what is at a path to a new name in the root of another tree; sockets are left out.
   *
   * @param storage How it is to be stored; what a directory holds is stored as that hands down. `same`:
   *   all of it as it is.
   */
  copy(from: Tree, path: string, to: Tree, name: string, storage?: Storage | "same"): void {
    const source = from.entry(path);
    const stat = lstat(source.name, source.dir);
    if (!stat) throw new ChangedError(path);
    const target = { dir: to.fd, name };
    telling(() => path, () => {
      if (stat.type === "directory") this.#directory({ source, target, stat, path, to, storage });
      else {
        const here = () => ({ tree: to, path: `/${name}` });
        this.#leaf({ ...source, path: () => path }, { ...target, storage }, stat, here);
      }
    });
  }

  #directory({ source, target, stat, path, to, storage }: Job): void {
    mkdirPlain(target.name, 0o700, target.dir);
    const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
    using from = new Descent(openBeneath(source.dir, source.name, flags | O.NOATIME));
    using into = new Descent(openBeneath(target.dir, target.name, flags));
    const isSame = storage === "same";
    if (storage) store(into.fd, "directory", isSame ? storageOf(from.fd) : storage);
    const levels = [levelOf(from, "", stat)];
    const way = () => levels.slice(1).map(({ name }) => `/${name}`).join("");
    telling(() => path + way(), () => {
      for (;;) {
        const level = levels.at(-1)!;
        const name = level.names.pop();
        if (name === undefined) {
          giveAttributes(from.fd, into.fd, level.stat);
          this.#onEntry?.();
          if (levels.length === 1) return;
          levels.pop();
          from.leave();
          into.leave();
          continue;
        }
        const below = lstat(name, from.fd);
        if (!below) throw new ChangedError(`${path}${way()}/${name}`);
        if (below.type === "directory") {
          mkdirPlain(name, 0o700, into.fd);
          if (!sameInode(from.enter(name), below)) {
            throw new ChangedError(`${path}${way()}/${name}`);
          }
          into.enter(name);
          if (isSame) store(into.fd, "directory", storageOf(from.fd));
          levels.push(levelOf(from, name, below));
        } else {
          const here = () => ({ tree: to, path: `/${target.name}${way()}/${name}` });
          const leaf = { dir: from.fd, name, path: () => `${path}${way()}/${name}` };
          const inner = { dir: into.fd, name, storage: isSame ? storage : undefined };
          this.#leaf(leaf, inner, below, here);
        }
      }
    });
  }

  /** Copy what is not a directory, or link it to the copy of another name of it. */
  #leaf(
    source: Name & { path: () => string },
    target: Target,
    stat: Stat,
    here: () => KnownName,
  ): void {
    if (stat.type === "socket") return;
    this.#onEntry?.();
    if (stat.nlink > 1) {
      const key = this.#files.get(source.path()) ?? inodeKey(stat);
      const other = this.#known.get(key);
      if (other) return linkTo(other, target);
      this.#known.set(key, here());
    }
    if (stat.type === "file") copyFile(source, target, stat);
    else copyNode(source, target, stat);
  }
}

/** An inode of the union, as long as it is mounted. */
function inodeKey(stat: Stat): string {
  return `${stat.dev}/${stat.ino}`;
}

interface Job {
  readonly source: Name;
  readonly target: Name;
  readonly stat: Stat;
  readonly path: string;
  readonly to: Tree;
  readonly storage: Storage | "same" | undefined;
}

/** A name in an open directory. */
interface Name {
  readonly dir: number;
  readonly name: string;
}

/** What is made there may be stored in a way that its directory does not hand down. */
interface Target extends Name {
  readonly storage?: Storage | "same" | undefined;
}

/** A directory on the way, and the names in it that are not copied yet. */
interface Level {
  readonly name: string;
  readonly stat: Stat;
  readonly names: string[];
}

function levelOf(from: Descent, name: string, stat: Stat): Level {
  return { name, stat, names: readdirOf(from.fd, name).map((entry) => entry.name) };
}

function linkTo({ tree, path, seen }: KnownName, target: Name): void {
  using inode = tree.hold(path, seen);
  inode.linkTo(target.name, target.dir);
}

function copyFile(source: Name, target: Target, stat: Stat): void {
  const from = openToLook(source.name, O.NONBLOCK, source.dir);
  try {
    const now = fstat(from);
    if (!sameInode(now, stat)) throw new ChangedError(source.name);
    const flags = O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW;
    const to = open(target.name, flags, 0o600, target.dir);
    try {
      // While it is empty: btrfs takes C for no other file.
      const { storage } = target;
      if (storage) store(to, "file", storage === "same" ? storageOf(from) : storage);
      copyContent(from, to, now.size, source.name);
      giveAttributes(from, to, now, true);
    } finally {
      close(to);
    }
  } finally {
    close(from);
  }
}

function copyNode(source: Name, target: Name, stat: Stat): void {
  const look = O.PATH | O.NOFOLLOW;
  const from = openBeneath(source.dir, source.name, look);
  try {
    if (!sameInode(fstat(from), stat)) throw new ChangedError(source.name);
    if (stat.type === "symlink") symlink(readlink("", from), target.name, target.dir);
    else if (stat.type === "fifo" || stat.type === "char" || stat.type === "block") {
      mknod(target.name, stat.type, 0o600, stat.rdev, target.dir);
    }
    const to = openBeneath(target.dir, target.name, look);
    try {
      giveAttributes(from, to, stat);
    } finally {
      close(to);
    }
  } finally {
    close(from);
  }
}

/** Owner, mode, extended attributes, time; in this order, because chown(2) clears some of them. */
function giveAttributes(
  from: number,
  to: number,
  { type, uid, gid, mode, mtime }: Stat,
  isWritable = false,
): void {
  fchown(to, uid, gid, "a copy");
  if (type !== "symlink") fchmod(to, mode, "a copy", isWritable);
  writeXattrs(to, readXattrs(from));
  futimens(to, mtime, "a copy");
}

/** Tell of a failure with the path in the union, whatever the call was given. */
function telling<T>(path: () => string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof SyscallError && !error.path.startsWith("/")) throw error.of(path());
    if (error instanceof ChangedError && !error.path.startsWith("/")) {
      throw new ChangedError(path());
    }
    throw error;
  }
}
