/**
 * Names of users and groups inside a root.
 *
 * @module
 */
import { type AccountFile, readAccounts } from "../accounts/list.ts";
import { type Database, nameServices } from "../accounts/nss.ts";
import { ChangedError, type Tree } from "../door/mod.ts";
import { SyscallError } from "../posix/mod.ts";

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

  /** Numbers without names are better than no changes. */
  #read(file: AccountFile): Map<number, string> {
    try {
      // Of several accounts with one number the first counts.
      const accounts = readAccounts(this.#tree, file).toReversed();
      return new Map(accounts.map(({ name, id }) => [id, name]));
    } catch (error) {
      if (error instanceof SyscallError || error instanceof ChangedError) return new Map();
      throw error;
    }
  }
}
