/**
 * Whether files hold what they should.
 *
 * @module
 */
import { nextData, read, seek } from "../posix/mod.ts";

const CHUNK = 1 << 20;
const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;

/** Whether two open regular files, both of `size` bytes, have the same content; holes cost nothing. */
export function sameFiles(one: number, other: number, size: number, path: string): boolean {
  if (size <= CHUNK) return sameRange(one, other, 0, size, path);
  for (let at = 0; at < size;) {
    const a = nextData(one, at, path);
    const b = nextData(other, at, path);
    // Where one has a hole, zeros are read.
    const data = a && (!b || a.start <= b.start) ? a : b;
    if (!data || data.start >= size) return true;
    at = Math.min(data.end, size);
    seek(one, data.start, path);
    seek(other, data.start, path);
    if (!sameRange(one, other, data.start, at, path)) return false;
  }
  return true;
}

/** Whether an open regular file of as many bytes has this content. */
export function holds(fd: number, bytes: Uint8Array, path: string): boolean {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const part = Math.min(bytes.length - at, CHUNK);
    if (fill(fd, buffers[0], part, path) !== part) return false;
    buffers[1].set(bytes.subarray(at, at + part));
    if (!sameBytes(buffers[0], buffers[1], part)) return false;
  }
  return true;
}

/** Compare from where both files are, which is at `start`. */
function sameRange(
  one: number,
  other: number,
  start: number,
  end: number,
  path: string,
): boolean {
  for (let at = start; at < end; at += CHUNK) {
    const part = Math.min(end - at, CHUNK);
    if (fill(one, buffers[0], part, path) !== part) return false;
    if (fill(other, buffers[1], part, path) !== part) return false;
    if (!sameBytes(buffers[0], buffers[1], part)) return false;
  }
  return true;
}

/** Read `wanted` bytes, or less at the end; returns how many. */
function fill(fd: number, into: Uint8Array<ArrayBuffer>, wanted: number, path: string): number {
  for (let done = 0; done < wanted;) {
    const n = read(fd, into.subarray(done, wanted), path);
    if (n === 0) return done;
    done += n;
  }
  return wanted;
}

/** Compares words, then the rest: four times as fast as bytes alone. */
function sameBytes(
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
  length: number,
): boolean {
  const words = length >> 2;
  const x = new Int32Array(a.buffer, 0, words);
  const y = new Int32Array(b.buffer, 0, words);
  for (let i = 0; i < words; i++) if (x[i] !== y[i]) return false;
  for (let i = words << 2; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
