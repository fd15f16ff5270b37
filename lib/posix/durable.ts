/**
 * Files that survive a power cut as a whole: the old content or the new, never none.
 *
 * @module
 */
import { dirname } from "@std/path";
import { createFile, fsync, O, open, readAt, withFile, writeAll } from "./file.ts";
import { bytesOf } from "./names.ts";
import { fstat } from "./stat.ts";

const LINE_FEED = 10;

/**
 * Write a file of a folder that only DISCO writes to: content, name and folder are on the disk when
 * this returns. Costs two fsync(2), some milliseconds.
 */
export function writeDurably(path: string, text: string, mode = 0o600): void {
  const draft = `${path}.new`;
  try {
    // What a crash has left.
    Deno.removeSync(draft);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  createFile(draft, bytesOf(text), mode);
  withFile(open(draft, O.RDONLY), (fd) => fsync(fd, draft));
  // Not by renameat2(2), which is the merge's alone: tests of power cuts count its calls.
  Deno.renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Append a line durably. A line that a power cut has cut off is ended first. */
export function appendDurably(path: string, line: string): void {
  withFile(open(path, O.RDWR | O.APPEND | O.NOFOLLOW), (fd) => {
    const { size } = fstat(fd);
    const last = new Uint8Array([LINE_FEED]);
    if (size > 0) readAt(fd, last, size - 1, path);
    const isWhole = last[0] === LINE_FEED;
    writeAll(fd, bytesOf(`${isWhole ? "" : "\n"}${line}\n`), path);
    fsync(fd, path);
  });
}

/** Make the names in a folder durable. */
export function syncFolder(path: string): void {
  withFile(open(path, O.RDONLY | O.DIRECTORY), (fd) => fsync(fd, path));
}
