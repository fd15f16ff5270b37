/**
 * Notes in the folder of a generation that say which staging folders are being made elsewhere, so
 * that a crash before the commit leaves nothing that is not known.
 *
 * @module
 */
import { dirname } from "@std/path";
import {
  bytesOf,
  createFile,
  fsync,
  lstat,
  nameOf,
  O,
  open,
  readdir,
  readFile,
  type Stat,
  syncFolder,
  withFile,
} from "../posix/mod.ts";
import type { Area } from "./area.ts";

/** What is going to be made: where, and what its directory was like before. */
export interface Intent {
  /** The place, inside the root. */
  readonly home: string;
  /** From the root folder of the place. */
  readonly name: string;
  /** Of that root folder: inode number and modification time (ns), both decimal. */
  readonly root: { readonly ino: string; readonly mtime: string };
}

const INTENT = "staging-";
const MADE = "staged-";

/** Note durably what is going to be made. */
export function noteIntent(
  generation: string,
  { home, name, root }: { home: string; name: string; root: Stat },
): void {
  const intent: Intent = { home, name, root: { ino: `${root.ino}`, mtime: `${root.mtime}` } };
  write(next(generation, INTENT), intent);
  syncFolder(dirname(generation));
}

/** Note durably what was made, and is empty yet, so that it is found under another name, too. */
export function noteArea(generation: string, area: Area): void {
  write(next(generation, MADE), area);
}

/** What was going to be made; a note that a crash cut off was written before anything was made. */
export function intents(generation: string): Intent[] {
  return read<Intent>(generation, INTENT);
}

/** What was made. */
export function madeAreas(generation: string): Area[] {
  return read<Area>(generation, MADE);
}

function write(path: string, content: unknown): void {
  createFile(path, bytesOf(JSON.stringify(content)), 0o600);
  withFile(open(path, O.RDONLY), (fd) => fsync(fd, path));
  syncFolder(dirname(path));
}

function next(generation: string, prefix: string): string {
  for (let i = 0;; i++) {
    const path = `${generation}/${prefix}${i}.json`;
    if (!lstat(path)) return path;
  }
}

function read<T>(generation: string, prefix: string): T[] {
  const names = readdir(generation).map(({ name }) => name).filter((n) => n.startsWith(prefix));
  return names.sort().flatMap((name) => parse<T>(nameOf(readFile(`${generation}/${name}`))));
}

function parse<T>(text: string): T[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
