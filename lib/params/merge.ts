/**
 * Trees of parameters laid over one another.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import { isKeyComponent } from "./key.ts";

/** A folder of the merged tree; a string is the file to take the content from. */
type Folder = Map<string, Folder | string>;

/**
 * Merge trees, least important first, into the folder `target`: folders 0700, files 0600. Where one
 * has a file and another a folder, the later one wins whole. A source that is missing is empty.
 * `target` is left alone when it already is what it should be, else replaced as a whole; what it
 * held is gone. A symlink, a special file, or a name that is no key in a source is an error.
 */
export function mergeTrees(sources: readonly string[], target: string): void {
  const merged: Folder = new Map();
  for (const source of sources) overlay(merged, source);
  if (sameFolder(merged, target)) return;
  // The parent is part of a tree of parameters: "~" cannot be in a key, so nobody sees it there.
  const staging = join(dirname(target), "~merging");
  removeTree(staging);
  Deno.mkdirSync(staging, { recursive: true, mode: 0o700 });
  writeFolder(merged, join(staging, "new"));
  moveIfThere(target, join(staging, "old"));
  Deno.renameSync(join(staging, "new"), target);
  removeTree(staging);
}

function overlay(into: Folder, dir: string): void {
  for (const { name, ...entry } of entriesOf(dir)) {
    const path = join(dir, name);
    if (!isKeyComponent(name)) fail(path, "its name cannot be part of a key");
    if (entry.isFile) into.set(name, path);
    else if (entry.isDirectory) {
      const known = into.get(name);
      const folder: Folder = known instanceof Map ? known : new Map();
      into.set(name, folder);
      overlay(folder, path);
    } else fail(path, `it is a ${entry.isSymlink ? "symlink" : "special file"}`);
  }
}

/** The entries of a source; a missing one has none, and a symlink is not followed. */
function entriesOf(dir: string): Deno.DirEntry[] {
  const info = lstat(dir);
  if (info === undefined) return [];
  if (!info.isDirectory) fail(dir, "it is not a folder");
  return [...Deno.readDirSync(dir)];
}

function fail(path: string, why: string): never {
  throw new DiscoError(`Cannot merge parameter "${printable(path)}": ${why}`, {
    hint: "correct the universe on the server",
  });
}

function sameFolder(folder: Folder, target: string): boolean {
  const info = lstat(target);
  if (!info?.isDirectory || permissionsOf(info) !== 0o700) return false;
  const names = [...Deno.readDirSync(target)].map((entry) => entry.name);
  if (names.length !== folder.size) return false;
  return names.every((name) => {
    const wanted = folder.get(name);
    if (wanted === undefined) return false;
    const path = join(target, name);
    return typeof wanted === "string" ? sameFile(wanted, path) : sameFolder(wanted, path);
  });
}

function sameFile(source: string, target: string): boolean {
  const info = lstat(target);
  if (!info?.isFile || permissionsOf(info) !== 0o600) return false;
  const wanted = Deno.readFileSync(source);
  if (wanted.length !== info.size) return false;
  const found = Deno.readFileSync(target);
  return wanted.every((byte, index) => byte === found[index]);
}

function writeFolder(folder: Folder, target: string): void {
  Deno.mkdirSync(target);
  Deno.chmodSync(target, 0o700);
  for (const [name, entry] of folder) {
    const path = join(target, name);
    if (typeof entry !== "string") writeFolder(entry, path);
    else {
      Deno.writeFileSync(path, Deno.readFileSync(entry), { createNew: true, mode: 0o600 });
      // The mode above is subject to the umask.
      Deno.chmodSync(path, 0o600);
    }
  }
}

function permissionsOf(info: Deno.FileInfo): number {
  return (info.mode ?? 0) & 0o7777;
}

function moveIfThere(from: string, to: string): void {
  if (lstat(from)) Deno.renameSync(from, to);
}

function removeTree(path: string): void {
  if (lstat(path)) Deno.removeSync(path, { recursive: true });
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
