/**
 * Whether files hold what they should.
 *
 * @module
 */
import { O, open, read, withFile } from "../posix/mod.ts";

const CHUNK = 1 << 20;
const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;

/** Whether two regular files, both of `size` bytes, have the same content. */
export function sameFiles(one: string, other: string, size: number): boolean {
  if (size === 0) return true;
  return withFile(
    open(one, O.RDONLY | O.NOFOLLOW),
    (a) =>
      withFile(open(other, O.RDONLY | O.NOFOLLOW), (b) => {
        for (let left = size; left > 0; left -= CHUNK) {
          const part = Math.min(left, CHUNK);
          if (fill(a, buffers[0], part, one) !== part) return false;
          if (fill(b, buffers[1], part, other) !== part) return false;
          if (!sameBytes(buffers[0], buffers[1], part)) return false;
        }
        return true;
      }),
  );
}

/** Whether a regular file of as many bytes has this content. */
export function holds(path: string, bytes: Uint8Array): boolean {
  return withFile(open(path, O.RDONLY | O.NOFOLLOW), (fd) => {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = Math.min(bytes.length - at, CHUNK);
      if (fill(fd, buffers[0], part, path) !== part) return false;
      buffers[1].set(bytes.subarray(at, at + part));
      if (!sameBytes(buffers[0], buffers[1], part)) return false;
    }
    return true;
  });
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
