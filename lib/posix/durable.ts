/**
 * Lines and names that survive a power cut.
 *
 * @module
 */
import { fsync, O, open, readAt, withFile, writeAll } from "./file.ts";
import { bytesOf } from "./names.ts";
import { fstat } from "./stat.ts";

const LINE_FEED = 10;

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
