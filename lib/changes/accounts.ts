/**
 * Names of users and groups inside a root.
 *
 * @module
 */
import { lstat, nameOf, readFile } from "../posix/mod.ts";

/** Looks up names by number; a number without an account has no name. */
export class Accounts {
  #root: string;
  #users: Map<number, string> | undefined;
  #groups: Map<number, string> | undefined;

  /** @param root The folder whose `etc/passwd` and `etc/group` count. */
  constructor(root: string) {
    this.#root = root === "/" ? "" : root;
  }

  /** The name of a user. */
  user(uid: number): string | null {
    this.#users ??= this.#read("passwd");
    return this.#users.get(uid) ?? null;
  }

  /** The name of a group. */
  group(gid: number): string | null {
    this.#groups ??= this.#read("group");
    return this.#groups.get(gid) ?? null;
  }

  /** passwd(5) and group(5) agree on the first and the third field. */
  #read(file: string): Map<number, string> {
    const path = `${this.#root}/etc/${file}`;
    const names = new Map<number, string>();
    if (lstat(path)?.type !== "file") return names;
    for (const line of nameOf(readFile(path)).split("\n")) {
      const [name = "", , id = ""] = line.split(":");
      if (/^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
    }
    return names;
  }
}
