/**
 * Users and groups of the tree that is configured: its own `/etc/passwd` and `/etc/group`, not
 * those of the machine that DISCO runs on.
 *
 * @module
 */
import { readFile } from "../posix/mod.ts";
import { type Inside, PathError } from "./resolve.ts";

/** Looks names up; reads a file when it is first needed. */
export class Accounts {
  readonly #files = new Map<string, Map<string, number>>();

  constructor(private readonly inside: Inside) {}

  /** The number of a user; undefined where there is none of that name. Numbers stand for themselves. */
  uid(name: string): number | undefined {
    return this.#find("/etc/passwd", name);
  }

  /** The number of a group, like {@linkcode uid}. */
  gid(name: string): number | undefined {
    return this.#find("/etc/group", name);
  }

  /** A name made of digits is looked up first: as chown(1) does. */
  #find(file: string, name: string): number | undefined {
    let known = this.#files.get(file);
    if (!known) this.#files.set(file, known = this.#read(file));
    return known.get(name) ?? numberOf(name);
  }

  #read(file: string): Map<string, number> {
    const ids = new Map<string, number>();
    for (const line of this.#text(file).split("\n")) {
      const [name = "", , id = ""] = line.split(":");
      const number = numberOf(id);
      if (number !== undefined && !ids.has(name)) ids.set(name, number);
    }
    return ids;
  }

  #text(file: string): string {
    try {
      return new TextDecoder().decode(readFile(this.inside.at(this.inside.follow(file))));
    } catch (error) {
      // A tree without accounts, such as an image that is being built, has numbers only.
      if (error instanceof PathError) return "";
      throw error;
    }
  }
}

function numberOf(text: string): number | undefined {
  // 4294967295 is (uid_t) -1, which chown(2) takes as "leave it".
  return /^\d{1,10}$/.test(text) && Number(text) < 0xffffffff ? Number(text) : undefined;
}
