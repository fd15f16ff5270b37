/**
 * Paths that were in conflict are looked at before the next try begins. A later change time then is
 * only a reason to look again: what counts is whether that which the change replaces is the same.
 *
 * @module
 */
import { isMissing, type Tree } from "../door/mod.ts";
import {
  close,
  Descent,
  lstat,
  O,
  openBeneath,
  read,
  readdirOf,
  readlink,
  readXattrs,
  type Stat,
} from "../posix/mod.ts";

/** What was seen at a path; digests, to be compared only. */
export interface Seen {
  /** Type, owner, mode and extended attributes. */
  readonly attributes: string;
  /** The content, or everything below a directory; null where that was too much to read. */
  readonly content: string | null;
  /** Of a regular file: its size (bytes) and modification time (ns, decimal). */
  readonly file?: { readonly size: number; readonly mtime: string };
}

/** What is not there. */
export const ABSENT: Seen = { attributes: "", content: "" };

/** Bytes, and entries of a tree, that are read at most. */
const MOST = { bytes: 64 << 20, entries: 10_000 };

/** Look at paths of a tree. */
export async function watch(
  tree: Tree,
  paths: readonly string[],
): Promise<Record<string, Seen>> {
  if (paths.length === 0) return {};
  const { createHash } = await import("node:crypto");
  return Object.fromEntries(
    paths.map((path) => [path, new Look(() => createHash("sha256")).at(tree, path)]),
  );
}

interface Hash {
  update(bytes: Uint8Array | string): unknown;
  digest(form: "hex"): string;
}

class Look {
  readonly #newHash: () => Hash;
  #bytes = 0;
  #entries = 0;

  constructor(newHash: () => Hash) {
    this.#newHash = newHash;
  }

  at(tree: Tree, path: string): Seen {
    try {
      const stat = tree.stat(path);
      if (!stat) return ABSENT;
      using inode = tree.hold(path, stat);
      const attributes = attributesOf(stat, inode.fd);
      const content = path === "/" ? null : this.#contentOf(inode, stat);
      if (stat.type !== "file") return { attributes, content };
      return { attributes, content, file: { size: stat.size, mtime: String(stat.mtime) } };
    } catch (error) {
      // It changes while it is looked at.
      return { attributes: isMissing(error) ? "moving" : `${error}`, content: null };
    }
  }

  #contentOf(inode: { fd: number; reopen(): number; readlink(): string }, stat: Stat) {
    if (stat.type === "symlink") return inode.readlink();
    if (stat.type === "file") return this.#hashFile(inode.reopen(), stat);
    if (stat.type !== "directory") return stat.rdev;
    using descent = new Descent(inode.reopen());
    return this.#tree(descent);
  }

  #tree(descent: Descent): string | null {
    const hash = this.#newHash();
    const list = () => readdirOf(descent.fd, "/").map(({ name }) => name).sort();
    const levels = [list()];
    for (;;) {
      const name = levels.at(-1)!.shift();
      if (name === undefined) {
        levels.pop();
        if (levels.length === 0) return hash.digest("hex");
        hash.update("..");
        descent.leave();
        continue;
      }
      if (++this.#entries > MOST.entries) return null;
      const stat = lstat(name, descent.fd);
      const entry = stat && this.#entry(name, stat, descent);
      if (entry === undefined) return null;
      hash.update(JSON.stringify([name, entry]));
      if (stat!.type !== "directory") continue;
      descent.enter(name);
      levels.push(list());
    }
  }

  #entry(name: string, stat: Stat, { fd }: Descent): string | undefined {
    const held = openBeneath(fd, name, O.PATH | O.NOFOLLOW);
    try {
      const attributes = attributesOf(stat, held);
      if (stat.type === "symlink") return attributes + readlink("", held);
      if (stat.type !== "file") return attributes + stat.rdev;
      const content = this.#hashFile(
        openBeneath(fd, name, O.RDONLY | O.NOFOLLOW | O.NONBLOCK),
        stat,
      );
      return content === null ? undefined : attributes + content;
    } finally {
      close(held);
    }
  }

  /** Closes the descriptor. */
  #hashFile(fd: number, { size }: Stat): string | null {
    try {
      if (size > MOST.bytes - this.#bytes) return null;
      this.#bytes += size;
      const hash = this.#newHash();
      const chunk = new Uint8Array(1 << 16);
      for (let left = size + 1; left > 0;) {
        const n = read(fd, chunk, "file");
        if (n === 0) return hash.digest("hex");
        hash.update(chunk.subarray(0, n));
        left -= n;
      }
      // It grows.
      return null;
    } finally {
      close(fd);
    }
  }
}

function attributesOf({ type, mode, uid, gid }: Stat, fd: number): string {
  const xattrs = [...readXattrs(fd)].map(([name, value]) => [name, value.toBase64()]);
  return JSON.stringify([type, mode, uid, gid, xattrs]);
}
