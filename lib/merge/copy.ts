/**
 * Copies from the union to a staging area, with everything that belongs to an inode.
 *
 * @module
 */
import {
  close,
  copyAttributes,
  copyContent,
  link,
  lstat,
  mkdir,
  mknod,
  O,
  open,
  readdir,
  readlink,
  type Stat,
  symlink,
} from "../posix/mod.ts";

/** Copies trees; names of one inode stay names of one inode, in all that one copier copies. */
export class Copier {
  readonly #known: Map<string, string>;

  /** @param known Inodes (see {@linkcode inodeKey}) that have a name already which can be linked. */
  constructor(known: ReadonlyMap<string, string> = new Map()) {
    this.#known = new Map(known);
  }

  /** Copy what is at `from` to the new path `to`; sockets are left out. */
  copy(from: string, to: string): void {
    const stat = lstat(from)!;
    if (stat.type === "socket") return;
    if (stat.type !== "directory" && stat.nlink > 1) {
      const other = this.#known.get(inodeKey(stat));
      if (other !== undefined) return link(other, to);
      this.#known.set(inodeKey(stat), to);
    }
    this.#make(from, to, stat);
    copyAttributes(from, stat, to);
  }

  #make(from: string, to: string, stat: Stat): void {
    switch (stat.type) {
      case "file":
        return copyFile(from, to, stat);
      case "directory":
        mkdir(to, 0o700);
        for (const { name } of readdir(from)) this.copy(`${from}/${name}`, `${to}/${name}`);
        return;
      case "symlink":
        return symlink(readlink(from), to);
      case "fifo":
      case "block":
      case "char":
        return mknod(to, stat.type, 0o600, stat.rdev);
      case "socket":
        return;
    }
  }
}

/** An inode of the union, as long as it is mounted. */
export function inodeKey(stat: Stat): string {
  return `${stat.dev}/${stat.ino}`;
}

function copyFile(from: string, to: string, stat: Stat): void {
  const source = open(from, O.RDONLY | O.NOFOLLOW);
  try {
    const target = open(to, O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, 0o600);
    try {
      copyContent(source, target, stat.size, to);
    } finally {
      close(target);
    }
  } finally {
    close(source);
  }
}
