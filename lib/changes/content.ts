/**
 * The content of open regular files: equal or not, and its hash. Holes are not read.
 *
 * @module
 */
import { ChangedError } from "../door/mod.ts";
import { fstat, nextData, readAt } from "../posix/mod.ts";
import type { Pace } from "./pace.ts";

const CHUNK = 1024 * 1024;
const [left, right] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)];
const NOTHING = new Uint8Array(CHUNK);

/** Longer files have no diff, only sizes: bytes on either side. */
export const DIFF_LIMIT = 1024 * 1024;

/** Bytes of the largest file that is hashed, a hole counts as what it reads as. */
export const HASH_LIMIT = 4 * 1024 ** 3;

/** An open file, and what an error calls it. */
export interface OpenFile {
  readonly fd: number;
  readonly path: string;
}

/** Whether two regular files have the same bytes. */
export async function sameContent(a: OpenFile, b: OpenFile, pace: Pace): Promise<boolean> {
  const { size } = fstat(a.fd);
  return size === fstat(b.fd).size && await isBeginning(a, b, size, pace);
}

/** Whether two regular files have the same first `size` bytes, which the first one has. */
export async function isBeginning(
  a: OpenFile,
  b: OpenFile,
  size: number,
  pace: Pace,
): Promise<boolean> {
  for (let at = 0; at < size;) {
    // Short files have no hole that is worth a look.
    if (size > CHUNK) at = Math.min(dataOf(a, at), dataOf(b, at));
    const length = Math.min(CHUNK, size - at);
    if (length <= 0) return true;
    const [one, two] = [left.subarray(0, length), right.subarray(0, length)];
    const n = readAt(a.fd, one, at, a.path);
    if (n !== readAt(b.fd, two, at, b.path) || !equal(left, right, n)) return false;
    at += length;
    await pace.step(2 * length);
  }
  return true;
}

/** SHA-256 of a regular file, hexadecimal. Throws a {@linkcode ChangedError} if it becomes shorter. */
export async function sha256(file: OpenFile, pace: Pace): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  const { size } = fstat(file.fd);
  for (let at = 0; at < size;) {
    const data = size > CHUNK ? dataOf(file, at) : at;
    const length = Math.min(CHUNK, (data > at ? Math.min(data, size) : size) - at);
    const chunk = data > at ? NOTHING.subarray(0, length) : left.subarray(0, length);
    if (data <= at && readAt(file.fd, chunk, at, file.path) < length) {
      throw new ChangedError(file.path);
    }
    hash.update(chunk);
    at += length;
    await pace.step(length);
  }
  return hash.digest("hex");
}

/** Reads one content after the other into the same memory: each is there until the next is read. */
export class ContentReader {
  #buffer = new Uint8Array(0);

  /** The content of a file that is `size` bytes long; what comes behind is left out. */
  read({ fd, path }: OpenFile, size: number): Uint8Array<ArrayBuffer> {
    if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
    const bytes = this.#buffer.subarray(0, size);
    return bytes.subarray(0, readAt(fd, bytes, 0, path));
  }
}

function dataOf({ fd, path }: OpenFile, at: number): number {
  return nextData(fd, at, path)?.start ?? Infinity;
}

/** Words of four bytes, then the rest. */
function equal(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>, n: number): boolean {
  const words = n >> 2;
  const [one, two] = [new Int32Array(a.buffer, 0, words), new Int32Array(b.buffer, 0, words)];
  for (let i = 0; i < words; i++) if (one[i] !== two[i]) return false;
  for (let i = words << 2; i < n; i++) if (a[i] !== b[i]) return false;
  return true;
}
