/**
 * A tree of parameters: a folder of small files, read and written by key.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error.ts";
import { isKeyComponent, parseKey } from "./key.ts";
import { formatLine, type Line, parseLines } from "./lines.ts";
import { writeAtomically } from "./write.ts";

type Kind = "file" | "folder" | "missing";

/**
 * Parameters below one folder. No symlink or special file below it is ever followed or read: that is
 * an error. Files whose names cannot be in a key are no parameters, and are not listed.
 */
export class Tree {
  readonly #dir: string;

  /** @param dir The folder; it need not exist yet. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The content of a parameter, or undefined when there is none; a folder is an error. */
  get(key: string): Uint8Array | undefined {
    switch (this.#kind(key, "get")) {
      case "missing":
        return undefined;
      case "folder":
        throw failure("get", key, "it is a folder");
      case "file":
        return Deno.readFileSync(join(this.#dir, key));
    }
  }

  /** The names in a folder (without a key: at the top), sorted; folders end with a slash. */
  keys(key?: string): string[] {
    const kind = this.#kind(key, "list");
    if (key !== undefined && kind !== "folder") throw failure("list", key, because(kind));
    return this.#entries(key, "list").map(([name, is]) => is === "folder" ? `${name}/` : name);
  }

  /** Every parameter at or below a key as a line, see {@linkcode formatLine}; sorted by name. */
  dump(key?: string): Uint8Array {
    const kind = this.#kind(key, "dump");
    if (key !== undefined && kind === "missing") throw failure("dump", key, because(kind));
    const lines = [...this.#walk(key, "dump")].map(([path, bytes]) => formatLine(path, bytes));
    return Uint8Array.from(lines.join(""), (c) => c.charCodeAt(0));
  }

  /** Every parameter at or below a key with its content; undefined for an empty folder. */
  walk(key?: string): Generator<Line> {
    return this.#walk(key, "read");
  }

  /** Write a parameter, with the folders it needs: whole or not at all, and for root only. */
  set(key: string, content: Uint8Array): void {
    if (this.#kind(key, "set") === "folder") throw failure("set", key, "it is a folder");
    this.#makeFolder(parentOf(key), key);
    writeAtomically(join(this.#dir, key), content);
  }

  /**
   * Write the parameters of lines as {@linkcode dump} makes them; none if a line is wrong, or a key is
   * one for which `check` throws.
   */
  setLines(text: Uint8Array, check: (key: string) => void = () => {}): string[] {
    const entries = parseLines(text);
    for (const [key] of entries) check(key);
    for (const [key, content] of entries) {
      if (content) this.set(key, content);
      else this.#makeFolder(key, key);
    }
    return entries.map(([key]) => key);
  }

  /** Delete a parameter or an empty folder; with `recursive`, a folder with all it holds. */
  remove(key: string, { recursive = false } = {}): void {
    const kind = this.#kind(key, "delete");
    if (kind === "missing") throw failure("delete", key, because(kind));
    const path = join(this.#dir, key);
    if (kind === "folder" && !recursive && [...Deno.readDirSync(path)].length > 0) {
      throw failure("delete", key, "it is a folder that is not empty", "delete it with -r");
    }
    Deno.removeSync(path, { recursive });
  }

  *#walk(key: string | undefined, action: string): Generator<Line> {
    const kind = this.#kind(key, action);
    if (kind === "file") yield [key!, Deno.readFileSync(join(this.#dir, key!))];
    if (kind !== "folder") return;
    const entries = this.#entries(key, action);
    if (entries.length === 0 && key !== undefined) yield [key, undefined];
    for (const [name] of entries) {
      yield* this.#walk(key === undefined ? name : `${key}/${name}`, action);
    }
  }

  #makeFolder(folder: string | undefined, key: string): void {
    Deno.mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    for (const part of pathsTo(folder)) {
      const kind = this.#kind(part, "set");
      if (kind === "file") throw failure("set", key, `"${part}" is a file`);
      if (kind === "missing") Deno.mkdirSync(join(this.#dir, part), { mode: 0o700 });
    }
  }

  #entries(key: string | undefined, action: string): [name: string, kind: Kind][] {
    const dir = join(this.#dir, key ?? "");
    if (key === undefined && lstat(dir) === undefined) return [];
    const names = [...Deno.readDirSync(dir)].map((entry) => entry.name).filter(isKeyComponent);
    return names.sort().map((name) => [
      name,
      this.#kind(key === undefined ? name : `${key}/${name}`, action),
    ]);
  }

  /** What a key names; a link or special file on the way there is an error. */
  #kind(key: string | undefined, action: string): Kind {
    if (key !== undefined) parseKey(key);
    let kind: Kind = "folder";
    for (const path of pathsTo(key)) {
      const info: Deno.FileInfo | undefined = kind === "folder"
        ? lstat(join(this.#dir, path))
        : undefined;
      if (info && !info.isFile && !info.isDirectory) {
        throw failure(action, key!, `"${path}" is a symlink or special file`);
      }
      kind = info ? (info.isFile ? "file" : "folder") : "missing";
    }
    return kind;
  }
}

function failure(action: string, key: string, why: string, hint?: string): DiscoError {
  return new DiscoError(`Cannot ${action} parameter "${key}": ${why}`, hint ? { hint } : {});
}

function because(kind: Kind): string {
  return kind === "missing" ? "it does not exist" : `it is a ${kind}`;
}

/** `a`, `a/b`, `a/b/c` for `a/b/c`. */
function pathsTo(key: string | undefined): string[] {
  const parts = key?.split("/") ?? [];
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function parentOf(key: string): string | undefined {
  const slash = key.lastIndexOf("/");
  return slash < 0 ? undefined : key.slice(0, slash);
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
