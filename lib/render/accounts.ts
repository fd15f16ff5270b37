/**
 * Users and groups of the tree that is configured: its own `/etc/passwd` and `/etc/group`, not
 * those of the machine that DISCO runs on; if it is that machine's tree, also what its name services
 * know.
 *
 * @module
 */
import { type AccountFile, MOST_BYTES, parseAccounts, parseId } from "../accounts/list.ts";
import { nameServices } from "../accounts/nss.ts";
import { follow, FollowError, type Tree } from "../door/mod.ts";
import { PathError } from "./resolve.ts";

const DATABASES = { "/etc/passwd": "passwd", "/etc/group": "group" } as const;

/** Looks names up; reads a file when it is first needed. */
export class Accounts {
  readonly #files = new Map<string, Map<string, number>>();

  constructor(private readonly tree: Tree, private readonly isLive = false) {}

  /**
   * The number of a user; undefined where there is none of that name. Numbers stand for themselves.
   * Throws a {@linkcode PathError} where the list of users cannot be one.
   */
  uid(name: string): number | undefined {
    return this.#find("/etc/passwd", name);
  }

  /** The number of a group, like {@linkcode uid}. */
  gid(name: string): number | undefined {
    return this.#find("/etc/group", name);
  }

  /** A user's name for an error, or the number where there is none. */
  shown(uid: number): string {
    try {
      for (const [name, id] of this.#ids("/etc/passwd")) if (id === uid) return name;
    } catch {
      // Another error is being told already.
    }
    return String(uid);
  }

  /** A name made of digits is looked up first: as chown(1) does. */
  #find(file: AccountFile, name: string): number | undefined {
    return this.#ids(file).get(name) ?? parseId(name) ??
      (this.isLive ? nameServices.find(DATABASES[file], name)?.id : undefined);
  }

  #ids(file: AccountFile): Map<string, number> {
    let known = this.#files.get(file);
    if (!known) this.#files.set(file, known = parse(this.#text(file)));
    return known;
  }

  #text(file: string): string {
    try {
      const { path, stat } = follow(this.tree, file);
      if (stat.type !== "file") throw new PathError(`"${file}" is a ${stat.type}, not a file`);
      const bytes = this.tree.read(path, MOST_BYTES);
      if (bytes) return new TextDecoder().decode(bytes);
      throw new PathError(`"${file}" has more than ${MOST_BYTES} bytes, too many for a list`);
    } catch (error) {
      // A tree without accounts, such as an image that is being built, has numbers only.
      if (error instanceof FollowError && error.kind === "missing") return "";
      throw error;
    }
  }
}

function parse(text: string): Map<string, number> {
  const ids = new Map<string, number>();
  for (const { name, id } of parseAccounts(text)) if (!ids.has(name)) ids.set(name, id);
  return ids;
}
