/**
 * The content of files with holes.
 *
 * @module
 */
import { E } from "./errno.ts";
import { readAt, seek, writeAll } from "./file.ts";
import { check, errno, fail, libc } from "./libc.ts";
import { fstat } from "./stat.ts";

const SEEK_DATA = 3;
const SEEK_HOLE = 4;

/** Content up to here is read and written at once: that takes fewer calls. */
const SMALL = 64 << 10;
const buffer = new Uint8Array(SMALL);

/**
 * Copy the content of one open file to another, empty one. Holes stay holes; what was allocated and
 * never written stays allocated, as a swap file needs it (swapon(8)).
 */
export function copyContent(from: number, to: number, size: number, path: string): void {
  if (size <= SMALL && hasBlocks(from, size)) return copySmall(from, to, size, path);
  if (isAllocated(from, size, path)) allocate(to, size, path);
  for (let at = 0; at < size;) {
    const data = nextData(from, at, path);
    if (!data || data.start >= size) break;
    at = Math.min(data.end, size);
    seek(from, data.start, path);
    seek(to, data.start, path);
    copyRange(from, to, at - data.start, path);
  }
  check(libc.ftruncate(to, BigInt(size)), "write", path);
}

function copySmall(from: number, to: number, size: number, path: string): void {
  const length = readAt(from, buffer.subarray(0, size), 0, path);
  writeAll(to, buffer.subarray(0, length), path);
  if (length < size) check(libc.ftruncate(to, BigInt(size)), "write", path);
}

/** Whether a file has as many blocks as one without holes. */
function hasBlocks(fd: number, size: number): boolean {
  return fstat(fd).blocks * 512 >= size;
}

/** Whether a file that seems to have holes has as many blocks as one without any. */
function isAllocated(fd: number, size: number, path: string): boolean {
  if (size === 0 || !hasBlocks(fd, size)) return false;
  const data = nextData(fd, 0, path);
  return !data || data.start > 0 || data.end < size;
}

/** Give an empty file its blocks; zeros, where its file system has no other way. */
function allocate(fd: number, size: number, path: string): void {
  if (libc.fallocate(fd, 0, 0n, BigInt(size)) === 0) return;
  if (errno() !== E.OPNOTSUPP) fail("allocate", path);
  const zeros = new Uint8Array(1 << 20);
  for (let at = 0; at < size; at += zeros.length) {
    writeAll(fd, zeros.subarray(0, Math.min(zeros.length, size - at)), path);
  }
}

/** A part of a file that is not a hole, as offsets; the end does not belong to it. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The next data at or after an offset; undefined where there are only holes up to the end. */
export function nextData(fd: number, at: number, path: string): Extent | undefined {
  const start = libc.lseek(fd, BigInt(at), SEEK_DATA);
  if (start < 0n) {
    if (errno() !== E.NXIO) fail("read", path);
    return undefined;
  }
  const end = check(libc.lseek(fd, start, SEEK_HOLE), "read", path);
  return { start: Number(start), end: Number(end) };
}

function copyRange(from: number, to: number, length: number, path: string): void {
  for (let left = length; left > 0;) {
    let n = libc.copy_file_range(from, null, to, null, BigInt(left), 0);
    // Most often because of two file systems; whatever else is wrong is met again.
    if (n < 0n) n = libc.sendfile(to, from, null, BigInt(left));
    const done = Number(check(n, "copy", path));
    if (done === 0) return;
    left -= done;
  }
}
