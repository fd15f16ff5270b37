/**
 * Files of a throw-away host, reached from the machine. Every path is resolved inside the host's
 * root: an absolute symbolic link there can never lead to the machine's own files.
 *
 * @module
 */
import { basename, dirname, normalize } from "@std/path";
import { bytesOf, lstat, mkdir, O, readAll, readlink, type Stat } from "../../lib/posix/mod.ts";
import { removeTree } from "../../lib/posix/mod.ts";
import { fstat, open, SyscallError, withFile, writeAll } from "../../lib/posix/mod.ts";
import { AT_FDCWD, check, libc } from "../../lib/posix/libc.ts";

const OPENAT2 = 437n;
const RESOLVE_IN_ROOT = 0x10n;

/** The files below an open root directory. */
export class RootFiles {
  /** `root` is a path of the machine, such as `/proc/PID/root`. */
  constructor(readonly root: string) {}

  /** Metadata, or undefined where nothing is; a link at the end is not followed. */
  lstat(path: string): Stat | undefined {
    try {
      return withFile(this.#open(dirname(path), O.PATH | O.DIRECTORY), (dir) => {
        return lstat(basename(path) || ".", dir);
      });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The target of a symbolic link. */
  readlink(path: string): string {
    return withFile(
      this.#open(dirname(path), O.PATH | O.DIRECTORY),
      (dir) => readlink(basename(path), dir),
    );
  }

  /** The content of a file; links are followed, inside the root. */
  readBytes(path: string): Uint8Array<ArrayBuffer> {
    return withFile(this.#open(path, O.RDONLY), (fd) => readAll(fd, fstat(fd).size, path));
  }

  /** Write a file of exactly this mode, and the directories on the way to it. */
  write(path: string, content: string | Uint8Array<ArrayBuffer>, mode = 0o644): void {
    this.mkdir(dirname(path));
    const fd = this.#open(path, O.WRONLY | O.CREAT | O.TRUNC, mode);
    withFile(fd, () => {
      writeAll(fd, typeof content === "string" ? bytesOf(content) : content, path);
      check(libc.fchmod(fd, mode), "set the mode of", path);
    });
  }

  /** Make a directory, and those on the way to it, where they do not exist. */
  mkdir(path: string, mode = 0o755): void {
    if (this.#isDirectory(path)) return;
    this.mkdir(dirname(path));
    withFile(this.#open(dirname(path), O.PATH | O.DIRECTORY), (dir) => {
      mkdir(basename(path), mode, dir);
    });
  }

  /** Remove a file, or a directory with everything in it, if it is there. */
  remove(path: string): void {
    if (!this.lstat(path)) return;
    withFile(this.#open(dirname(path), O.PATH | O.DIRECTORY), (dir) => {
      removeTree(basename(path), dir);
    });
  }

  #isDirectory(path: string): boolean {
    try {
      return withFile(this.#open(path, O.PATH | O.DIRECTORY), () => true);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #open(path: string, flags: number, mode = 0): number {
    if (!path.startsWith("/")) throw new TypeError(`Cannot use "${path}": not an absolute path`);
    const create = (flags & O.CREAT) !== 0;
    // struct open_how: flags, mode, resolve.
    const how = new BigUint64Array([
      BigInt(flags | O.CLOEXEC),
      create ? BigInt(mode) : 0n,
      RESOLVE_IN_ROOT,
    ]);
    const root = open(this.root, O.PATH | O.DIRECTORY, 0, AT_FDCWD);
    return withFile(root, () => {
      const name = bytesOf(`${normalize(path)}\0`);
      const bytes = new Uint8Array(how.buffer);
      return Number(check(libc.syscall(OPENAT2, BigInt(root), name, bytes, 24n), "open", path));
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof SyscallError && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
