/**
 * One of the two trees that are compared.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { close, E, machineView, type Stat, SyscallError } from "../posix/mod.ts";
import { Accounts } from "./accounts.ts";
import type { OpenFile } from "./content.ts";
import { Readers } from "./readers.ts";

/** A tree, and what is known of it. */
export class Side implements Disposable {
  readonly tree: Tree;
  readonly accounts: Accounts;
  readonly readers: Readers;

  /**
   * @param root A folder that only root can have made.
   * @param isLive Whether it shows the tree of the running system.
   */
  constructor(root: string, isLive = false) {
    this.tree = new Tree(root);
    this.accounts = new Accounts(this.tree, isLive);
    this.readers = new Readers(this.tree);
  }

  /** Open a regular file that was seen; undefined where, without root, it may not be read. */
  openToRead(path: string, seen: Stat): number | undefined {
    try {
      return this.tree.openFile(path, seen);
    } catch (error) {
      const isDenied = error instanceof SyscallError && error.errno === E.ACCES;
      if (isDenied && !machineView().readsAll) return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
  }
}

/** Open a file of both trees; false where it may not be read, which counts as different. */
export async function withBoth(
  live: Side,
  now: Side,
  path: string,
  seen: { readonly before: Stat; readonly after: Stat },
  use: (one: OpenFile, two: OpenFile) => Promise<boolean>,
): Promise<boolean> {
  const one = live.openToRead(path, seen.before);
  if (one === undefined) return false;
  try {
    const two = now.tree.openFile(path, seen.after);
    try {
      return await use({ fd: one, path }, { fd: two, path });
    } finally {
      close(two);
    }
  } finally {
    close(one);
  }
}
