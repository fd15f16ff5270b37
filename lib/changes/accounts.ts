/**
 * Names of users and groups inside a root.
 *
 * @module
 */
import { parseAccounts } from "../accounts/list.ts";
import { type Database, nameServices } from "../accounts/nss.ts";
import { ChangedError, type Tree } from "../door/mod.ts";
import { nameOf, SyscallError } from "../posix/mod.ts";

/** Bytes of a file of accounts; of a larger one no names are known. */
const LARGEST = 16 * 1024 * 1024;

/** Looks up names by number; a number without an account has no name. */
export class Accounts {
  readonly #tree: Tree;
  #users: Map<number, string> | undefined;
  #groups: Map<number, string> | undefined;

  /**
   * @param tree The root whose `etc/passwd` and `etc/group` count.
   * @param isLive It is the running system's: its name services are asked for what is not there.
   */
  constructor(tree: Tree, readonly isLive = false) {
    this.#tree = tree;
  }

  /** The name of a user. */
  user(uid: number): string | null {
    this.#users ??= this.#read("/etc/passwd");
    return this.#users.get(uid) ?? this.#elsewhere("passwd", uid);
  }

  /** The name of a group. */
  group(gid: number): string | null {
    this.#groups ??= this.#read("/etc/group");
    return this.#groups.get(gid) ?? this.#elsewhere("group", gid);
  }

  #elsewhere(database: Database, id: number): string | null {
    return this.isLive ? nameServices.find(database, id)?.name ?? null : null;
  }

  #read(path: string): Map<number, string> {
    const names = new Map<number, string>();
    for (const { name, id } of parseAccounts(nameOf(this.#content(path)))) {
      if (!names.has(id)) names.set(id, name);
    }
    return names;
  }

  /** Numbers without names are better than no changes. */
  #content(path: string): Uint8Array {
    try {
      return this.#tree.read(path, LARGEST) ?? new Uint8Array();
    } catch (error) {
      if (error instanceof SyscallError || error instanceof ChangedError) return new Uint8Array();
      throw error;
    }
  }
}
