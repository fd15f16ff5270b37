/**
 * A tree of parameters: a folder of small files, read and written by key.
 *
 * @module
 */
import { ChangedError, isMissing, TooMuchError, Tree as Door, walk } from "../door/mod.ts";
import type { DiscoError } from "../error/mod.ts";
import { SyscallError } from "../posix/mod.ts";
import { MOST, MOST_BYTES, MOST_IN_ALL } from "./bounds.ts";
import { isKeyComponent, parseKey } from "./key.ts";
import { because, failure, kindOf, kindOfEntry, pathOf, pathsTo } from "./kind.ts";
import { formatLine, type Line, parseLines } from "./lines.ts";
import { writeParameter } from "./write.ts";

/**
 * Parameters below one folder. No symlink or special file below it is ever followed or read: that is
 * an error. Files whose names cannot be in a key are not parameters, and are not listed.
 */
export class Tree {
  readonly #dir: string;

  /** @param dir The folder; it need not exist yet. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The content of a parameter, or undefined when there is none; a folder is an error. */
  get(key: string): Uint8Array | undefined {
    return this.#open("get", key, (tree) => {
      const kind = kindOf(tree, key, "get");
      if (kind === "folder") throw failure("get", key, "it is a folder");
      return tree && kind === "file" ? contentOf(tree, key, "get") : undefined;
    });
  }

  /** The names in a folder (without a key: at the top), sorted; folders end with a slash. */
  keys(key?: string): string[] {
    return this.#open("list", key, (tree) => {
      const kind = kindOf(tree, key, "list");
      if (key !== undefined && kind !== "folder") throw failure("list", key, because(kind));
      const names = tree?.list(pathOf(key)).map(({ name }) => name).filter(isKeyComponent) ?? [];
      return names.sort().map((name) => {
        const below = key === undefined ? name : `${key}/${name}`;
        return kindOf(tree, below, "list") === "folder" ? `${name}/` : name;
      });
    });
  }

  /** Every parameter at or below a key as a line, see {@linkcode formatLine}; sorted by name. */
  dump(key?: string): Uint8Array {
    return this.#open("dump", key, (tree) => {
      const kind = kindOf(tree, key, "dump");
      if (key !== undefined && kind === "missing") throw failure("dump", key, because(kind));
      const lines = [...linesOf(tree, key, "dump")].map(([path, bytes]) => formatLine(path, bytes));
      return Uint8Array.from(lines.join(""), (c) => c.charCodeAt(0));
    });
  }

  /** Every parameter at or below a key with its content; undefined for an empty folder. */
  walk(key?: string): Line[] {
    return this.#open("read", key, (tree) => [...linesOf(tree, key, "read")]);
  }

  /** Write a parameter, with the folders it needs: whole or not at all, and for root only. */
  set(key: string, content: Uint8Array): void {
    Deno.mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    this.#open("set", key, (tree) => {
      if (kindOf(tree, key, "set") === "folder") throw failure("set", key, "it is a folder");
      if (content.length > MOST_BYTES) throw tooLarge("set", key);
      makeFolder(tree!, parentOf(key), key);
      writeParameter(tree!, pathOf(key), content);
    });
  }

  /**
   * Write the parameters of lines as {@linkcode dump} makes them; none if a line is wrong, or a key is
   * one for which `check` throws.
   */
  setLines(text: Uint8Array, check: (key: string) => void = () => {}): string[] {
    const entries = parseLines(text);
    for (const [key] of entries) check(key);
    for (const [key, content] of entries) {
      if (content) {
        this.set(key, content);
        continue;
      }
      Deno.mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
      this.#open("set", key, (tree) => makeFolder(tree!, key, key));
    }
    return entries.map(([key]) => key);
  }

  /** Delete a parameter or an empty folder; with `recursive`, a folder with all it holds. */
  remove(key: string, { recursive = false } = {}): void {
    this.#open("delete", key, (tree) => {
      const kind = kindOf(tree, key, "delete");
      if (!tree || kind === "missing") throw failure("delete", key, because(kind));
      if (kind === "folder" && !recursive && tree.list(pathOf(key)).length > 0) {
        throw failure("delete", key, "it is a folder that is not empty", "delete it with -r");
      }
      tree.remove(pathOf(key));
    });
  }

  /** Call with the folder, or with undefined where there is none. */
  #open<T>(action: string, key: string | undefined, use: (tree: Door | undefined) => T): T {
    if (key !== undefined) parseKey(key);
    try {
      using tree = openIfThere(this.#dir);
      return use(tree);
    } catch (cause) {
      const isOurs = [SyscallError, ChangedError, TooMuchError].some((e) => cause instanceof e);
      if (!isOurs) throw cause;
      throw failure(action, key ?? "/", (cause as Error).message);
    }
  }
}

function openIfThere(dir: string): Door | undefined {
  try {
    return new Door(dir);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function* linesOf(
  tree: Door | undefined,
  key: string | undefined,
  action: string,
): Generator<Line> {
  const kind = kindOf(tree, key, action);
  if (!tree || kind === "missing") return;
  if (kind === "file") return yield [key!, contentOf(tree, key!, action)];
  let left = MOST_IN_ALL;
  // A folder is empty if what comes after it does not lie in it.
  let folder = key;
  for (const { path, stat } of walk(tree, pathOf(key), { ...MOST, wants: isKeyComponent })) {
    const name = path.slice(1);
    if (folder !== undefined && !name.startsWith(`${folder}/`)) yield [folder, undefined];
    folder = kindOfEntry(stat, name, action, name) === "folder" ? name : undefined;
    if (folder !== undefined) continue;
    const content = contentOf(tree, name, action);
    if ((left -= content.length) < 0) {
      throw failure(action, key ?? "/", `there are more than ${MOST_IN_ALL} bytes of parameters`);
    }
    yield [name, content];
  }
  if (folder !== undefined) yield [folder, undefined];
}

function contentOf(tree: Door, key: string, action: string): Uint8Array {
  const content = tree.read(pathOf(key), MOST_BYTES);
  if (content) return content;
  throw tooLarge(action, key);
}

function makeFolder(tree: Door, folder: string | undefined, key: string): void {
  for (const part of pathsTo(folder)) {
    const kind = kindOf(tree, part, "set");
    if (kind === "file") throw failure("set", key, `"${part}" is a file`);
    if (kind === "missing") tree.mkdir(pathOf(part), 0o700);
  }
}

function tooLarge(action: string, key: string): DiscoError {
  return failure(action, key, `it has more than ${MOST_BYTES} bytes`);
}

function parentOf(key: string): string | undefined {
  const slash = key.lastIndexOf("/");
  return slash < 0 ? undefined : key.slice(0, slash);
}
