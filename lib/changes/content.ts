/**
 * The content of regular files: equal or not, and its hash.
 *
 * @module
 */
import {
  close,
  fstat,
  O,
  openToLook,
  read,
  readFile,
  SyscallError,
  withFile,
} from "../posix/mod.ts";

const CHUNK = 1024 * 1024;

/** Whether two regular files have the same bytes. */
export function sameContent(a: string, b: string): boolean {
  const [one, two] = [openToLook(a, O.NONBLOCK), openToLook(b, O.NONBLOCK)];
  try {
    const size = fstat(one).size;
    if (size !== fstat(two).size) return false;
    const [left, right] = [buffer(size), buffer(size)];
    for (;;) {
      const n = fill(one, left, a);
      if (n !== fill(two, right, b)) return false;
      if (!equal(left.subarray(0, n), right.subarray(0, n))) return false;
      if (n < left.length) return true;
    }
  } finally {
    close(one);
    close(two);
  }
}

/** Whether a regular file may be read; root may read all. */
export function isReadable(path: string): boolean {
  try {
    close(openToLook(path, O.NONBLOCK));
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.code === "EACCES") return false;
    throw error;
  }
}

/** SHA-256 of a regular file, hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  withFile(openToLook(path, O.NONBLOCK), (fd) => {
    const chunk = buffer(fstat(fd).size);
    for (let n = -1; n !== 0;) {
      n = read(fd, chunk, path);
      hash.update(chunk.subarray(0, n));
    }
  });
  return hash.digest("hex");
}

/** The content, or undefined when it is longer than `limit` bytes. */
export function contentUpTo(path: string, size: number, limit: number): Uint8Array | undefined {
  return size > limit ? undefined : readFile(path);
}

function buffer(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Math.min(size + 1, CHUNK));
}

function fill(fd: number, into: Uint8Array<ArrayBuffer>, path: string): number {
  let length = 0;
  while (length < into.length) {
    const n = read(fd, into.subarray(length), path);
    if (n === 0) break;
    length += n;
  }
  return length;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
