/**
 * Trees of parameters laid over one another.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { ChangedError, TooMuchError, Tree, walk } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { E, type FileType, O, open, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { MOST, MOST_BYTES, MOST_IN_ALL } from "./bounds.ts";
import { isKeyComponent } from "./key.ts";

/** A folder of the merged tree, or the content of a parameter. */
type Folder = Map<string, Folder | Bytes>;
type Bytes = Uint8Array<ArrayBuffer>;

/** A tree that is merged. */
export interface ParamsTree {
  readonly dir: string;
  /** What errors call it. */
  readonly shown: string;
}

/**
 * Merge trees, least important first, into the folder `target`: folders 0700, files 0600. Where one
 * has a file and another a folder, the later one wins whole, which the lines that are returned say. A
 * source that is missing is empty.
 * `target` is left alone when it already is what it should be, else replaced as a whole; what it
 * held is gone. A symlink, a special file, a name that is not a key, or more than parameters may be in
 * a source is an error.
 */
export function mergeTrees(sources: readonly (string | ParamsTree)[], target: string): string[] {
  const merging = new Merging();
  for (const source of sources) {
    merging.overlay(typeof source === "string" ? { dir: source, shown: source } : source);
  }
  Deno.mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  using parent = new Tree(dirname(target));
  const path = `/${basename(target)}`;
  if (sameFolder(merging.merged, parent, path)) return merging.clashes;
  // The parent is part of a tree of parameters: "~" cannot be in a key, so nobody sees it there.
  const staging = "/~merging";
  parent.remove(staging);
  parent.mkdir(staging, 0o700);
  writeFolder(merging.merged, parent, `${staging}/new`);
  if (parent.stat(path)) parent.rename(path, `${staging}/old`);
  parent.rename(`${staging}/new`, path);
  parent.remove(staging);
  return merging.clashes;
}

class Merging {
  readonly merged: Folder = new Map();
  /** Where a file has won over a folder, or a folder over a file. */
  readonly clashes: string[] = [];
  /** Which source an entry is from, by path: of a folder the first that has it. */
  readonly #from = new Map<string, string>();
  #bytes = MOST_IN_ALL;

  overlay(source: ParamsTree): void {
    using tree = openSource(source);
    if (!tree) return;
    const folders = new Map<string, Folder>([["", this.merged]]);
    try {
      for (const { path, stat } of walk(tree, "/", MOST)) {
        const [parent, name] = cut(path);
        const fail = (why: string) => refuse(source.shown + path, why);
        if (!isKeyComponent(name)) fail("its name cannot be part of a key");
        const into = folders.get(parent)!;
        this.#noteClash(path, stat.type, into.get(name), source.shown);
        if (stat.type === "file") {
          const content = tree.read(path, MOST_BYTES) ??
            fail(`it has more than ${MOST_BYTES} bytes`);
          if ((this.#bytes -= content.length) < 0) {
            fail(`all parameters together have more than ${MOST_IN_ALL} bytes`);
          }
          into.set(name, content);
        } else if (stat.type === "directory") {
          const known = into.get(name);
          const folder: Folder = known instanceof Map ? known : new Map();
          into.set(name, folder);
          folders.set(path, folder);
        } else fail(`it is a ${stat.type === "symlink" ? "symlink" : "special file"}`);
      }
    } catch (cause) {
      if (cause instanceof TooMuchError) refuse(source.shown, `it ${cause.what}`);
      if (cause instanceof ChangedError) refuse(source.shown, cause.message);
      throw cause;
    }
  }

  #noteClash(path: string, type: FileType, before: Folder | Bytes | undefined, shown: string) {
    const [was, is] = [before instanceof Map, type === "directory"].map((f) =>
      f ? "folder" : "file"
    );
    if (before !== undefined && was !== is && !EITHER.test(path)) {
      const other = printable(this.#from.get(path)! + path);
      this.clashes.push(
        `${printable(shown + path)} is a ${is}: the ${was} ${other} does not count`,
      );
    }
    if (before === undefined || was !== is) this.#from.set(path, shown);
  }
}

/** Below these, a file and a folder say the same: the ball, or the group, counts. */
const EITHER = /^\/(modules|member|groups)\//;

/** A source; undefined where nothing is. A symlink is not followed. */
function openSource({ dir, shown }: ParamsTree): Tree | undefined {
  try {
    return new Tree(open(dir, O.PATH | O.DIRECTORY | O.NOFOLLOW));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (error.errno === E.NOENT) return undefined;
    refuse(shown, error.errno === E.NOTDIR ? "it is not a folder" : error.message);
  }
}

function refuse(path: string, why: string): never {
  throw new DiscoError(`Cannot merge parameter "${printable(path)}": ${why}`, {
    hint: "correct the universe on the server",
  });
}

function sameFolder(folder: Folder, tree: Tree, path: string): boolean {
  const stat = tree.stat(path);
  if (stat?.type !== "directory" || stat.mode !== 0o700) return false;
  const names = tree.list(path, folder.size).map(({ name }) => name);
  if (names.length !== folder.size) return false;
  return names.every((name) => {
    const wanted = folder.get(name);
    if (wanted === undefined) return false;
    const below = `${path}/${name}`;
    return wanted instanceof Map ? sameFolder(wanted, tree, below) : sameFile(wanted, tree, below);
  });
}

function sameFile(wanted: Bytes, tree: Tree, path: string): boolean {
  const stat = tree.stat(path);
  if (stat?.type !== "file" || stat.mode !== 0o600 || stat.size !== wanted.length) return false;
  const found = tree.read(path, wanted.length);
  return found?.length === wanted.length && wanted.every((byte, index) => byte === found[index]);
}

function writeFolder(folder: Folder, tree: Tree, path: string): void {
  tree.mkdir(path, 0o700);
  for (const [name, entry] of folder) {
    const below = `${path}/${name}`;
    if (entry instanceof Map) writeFolder(entry, tree, below);
    else tree.create(below, entry, 0o600);
  }
}

function cut(path: string): [parent: string, name: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at), path.slice(at + 1)];
}
