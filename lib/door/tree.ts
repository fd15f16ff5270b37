/**
 * A tree, and what can be looked at and changed in it.
 *
 * @module
 */
import {
  close,
  createFile,
  type DirectoryEntry,
  E,
  fstat,
  getXattr,
  link,
  listXattr,
  lstat,
  mkdir,
  mkdirPlain,
  mknod,
  O,
  open,
  openBeneath,
  openToLook,
  readdir,
  readlink,
  readXattrs,
  removeTree,
  rename,
  type RenameMode,
  rmdir,
  type Space,
  space,
  type Stat,
  symlink,
  syncfs,
  SyscallError,
  unlink,
  withFile,
} from "../posix/mod.ts";
import { ChangedError, Inode, named, sameInode } from "./inode.ts";
import { isMissing, isPrivate, readUpTo } from "./look.ts";
import { Parents } from "./parents.ts";
import { Spot } from "./spot.ts";

/**
 * A tree that is reached by a descriptor of its root. Paths are absolute inside it (`/etc/x`; `/` is
 * the root itself) and have no `.` or `..`. No symbolic link is ever followed: a path that leads
 * through one does not exist here ({@linkcode follow} finds where it leads, by rules). Failures are
 * {@linkcode SyscallError}s that name the path inside the tree.
 *
 * Directories are kept open between calls; what this object renames or removes it forgets. After
 * others have worked in the tree, call {@linkcode forget} or make a new one.
 */
export class Tree implements Disposable {
  readonly #root: number;
  readonly #parents: Parents;

  /** @param root The directory: a path that only root can have made, or an open descriptor to take over. */
  constructor(root: string | number) {
    this.#root = typeof root === "number" ? root : open(root, O.PATH | O.DIRECTORY);
    this.#parents = new Parents(this.#root);
  }

  /** The descriptor of the root; it is this object's. */
  get fd(): number {
    return this.#root;
  }

  [Symbol.dispose](): void {
    this.#parents.forget();
    close(this.#root);
  }

  /** Open directories anew: others have worked in the tree. */
  forget(): void {
    this.#parents.forget();
  }

  /** What is at a path; undefined where nothing is, or a link or file is on the way. */
  stat(path: string): Stat | undefined {
    try {
      return this.#at(path, (name, dir) => lstat(name, dir));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The entries of a directory, in no order; of more than `most` entries not all, but more than that. */
  list(path: string, most = Infinity): DirectoryEntry[] {
    return this.#at(path, (name, dir) => readdir(name, dir, most));
  }

  /** The target of a symbolic link. */
  readlink(path: string): string {
    return this.#at(path, (name, dir) => readlink(name, dir));
  }

  /** The extended attributes that are not overlayfs' own. */
  xattrs(path: string): Map<string, Uint8Array<ArrayBuffer>> {
    return this.#at(path, (name, dir) => readXattrs(`/proc/thread-self/fd/${dir}/${name}`));
  }

  /** An extended attribute, perhaps one of overlayfs' own; undefined where there is none. */
  xattr(path: string, attribute: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#at(path, (n, dir) => getXattr(`/proc/thread-self/fd/${dir}/${n}`, attribute));
  }

  /** The names of all extended attributes, overlayfs' own among them. */
  xattrNames(path: string): string[] {
    return this.#at(path, (name, dir) => listXattr(`/proc/thread-self/fd/${dir}/${name}`));
  }

  /**
   * Open a regular file to read it, without leaving an access time; the caller closes the descriptor.
   * Throws a {@linkcode ChangedError} if it is not a regular file, or not the inode that was `seen`.
   */
  openFile(path: string, seen?: Stat): number {
    const fd = this.#at(path, (name, dir) => openToLook(name, O.NONBLOCK, dir));
    const stat = fstat(fd);
    if (stat.type === "file" && (!seen || sameInode(stat, seen))) return fd;
    close(fd);
    throw new ChangedError(path);
  }

  /** The content of a regular file of at most `most` bytes; undefined where there is no such file. */
  read(path: string, most = 1 << 20): Uint8Array<ArrayBuffer> | undefined {
    const seen = this.stat(path);
    if (seen?.type !== "file" || seen.size > most) return undefined;
    return withFile(this.openFile(path, seen), (fd) => readUpTo(fd, seen.size, most, path));
  }

  /** Hold an inode. Throws a {@linkcode ChangedError} if it is not the one that was `seen`. */
  hold(path: string, seen?: Stat): Inode {
    const fd = this.#at(path, (name, dir) => openBeneath(dir, name, O.PATH | O.NOFOLLOW));
    const inode = new Inode(fd, path);
    if (!seen || sameInode(inode.stat, seen)) return inode;
    inode[Symbol.dispose]();
    throw new ChangedError(path);
  }

  /**
   * Hold a place where something is mounted, or will be, without asking its file system anything.
   * A link at the end is held itself.
   */
  spot(path: string): Spot {
    const openAs = (flags: number) =>
      this.#at(path, (name, dir) => openBeneath(dir, name, O.PATH | O.NOFOLLOW | flags));
    try {
      return new Spot(openAs(O.DIRECTORY), path, true);
    } catch (error) {
      if (!(error instanceof SyscallError) || error.errno !== E.NOTDIR) throw error;
    }
    return new Spot(openAs(0), path, false);
  }

  /** A path's name in the open directory that it is in, which stays open until this is used again. */
  entry(path: string): { readonly name: string; readonly dir: number } {
    return this.#at(path, (name, dir) => ({ name, dir }));
  }

  /** A part of the tree, as a tree of its own. */
  below(path: string): Tree {
    return new Tree(this.#at(path, (name, dir) => openBeneath(dir, name, O.PATH | O.DIRECTORY)));
  }

  /**
   * Make a directory that only root may enter, and hold it. Throws a {@linkcode ChangedError} if
   * another process has put something else there meanwhile.
   */
  mkdirPrivate(path: string): Inode {
    this.#at(path, (name, dir) => mkdirPlain(name, 0o700, dir));
    const inode = this.hold(path);
    if (isPrivate(inode.stat)) return inode;
    inode[Symbol.dispose]();
    throw new ChangedError(path);
  }

  /** Make everything on the file system of the root durable. */
  sync(): void {
    named(
      "/",
      () => withFile(open(".", O.RDONLY | O.DIRECTORY, 0, this.#root), (fd) => syncfs(fd, "/")),
    );
  }

  /** What is free on the file system of the root. */
  space(): Space {
    return named("/", () => space(`/proc/thread-self/fd/${this.#root}`));
  }

  /** Make a directory with exactly this mode. */
  mkdir(path: string, mode = 0o755): void {
    this.#at(path, (name, dir) => mkdir(name, mode, dir));
  }

  /** Make a symbolic link. */
  symlink(target: string, path: string): void {
    this.#at(path, (name, dir) => symlink(target, name, dir));
  }

  /** Make a FIFO or device node; `rdev` is `major:minor`. */
  mknod(path: string, type: "fifo" | "char" | "block", mode: number, rdev = "0:0"): void {
    this.#at(path, (name, dir) => mknod(name, type, mode, rdev, dir));
  }

  /** Create a file with exactly this content and mode; nothing may be there. */
  create(path: string, bytes: Uint8Array<ArrayBuffer>, mode = 0o644): void {
    this.#at(path, (name, dir) => createFile(name, bytes, mode, dir));
  }

  /** Create an empty file, readable for root only, to write to; the caller closes the descriptor. */
  openNew(path: string): number {
    const flags = O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW;
    return this.#at(path, (name, dir) => open(name, flags, 0o600, dir));
  }

  /** Create an empty file, readable for root only, and hold it, open to write. */
  holdNew(path: string): Inode {
    return new Inode(this.openNew(path), path, true);
  }

  /** Give a held inode another name, here. */
  link(inode: Inode, path: string): void {
    this.#at(path, (name, dir) => link(inode.link, name, undefined, dir, true));
  }

  /** Rename in this tree, or into another one on the same file system. */
  rename(from: string, to: string, mode: RenameMode = "replace", other: Tree = this): void {
    this.#at(from, (a, aDir) => other.#at(to, (b, bDir) => rename(a, b, mode, aDir, bDir)));
    this.#parents.forget(from);
    other.#parents.forget(to);
  }

  /** Remove what is not a directory. */
  unlink(path: string): void {
    this.#at(path, (name, dir) => unlink(name, dir));
  }

  /** Remove an empty directory. */
  rmdir(path: string): void {
    this.#parents.forget(path);
    this.#at(path, (name, dir) => rmdir(name, dir));
  }

  /** Remove everything at and below a path, if there is anything. */
  remove(path: string): void {
    this.#parents.forget(path);
    this.#at(path, (name, dir) => removeTree(name, dir));
  }

  /** Call with a name and the open directory that it is in. */
  #at<T>(path: string, use: (name: string, dir: number) => T): T {
    return named(path, () => {
      if (path === "/" || path === "") return use(".", this.#root);
      const cut = path.lastIndexOf("/");
      return use(path.slice(cut + 1), this.#parents.open(path.slice(0, cut)));
    });
  }
}
