/**
 * Paths that are longer than the kernel takes at once (PATH_MAX, 4096 bytes with the NUL): they are
 * walked in pieces, each from the directory before.
 *
 * @module
 */
import { check, libc } from "./libc.ts";
import { passing } from "./names.ts";

const PATH_MAX = 4096;
const SLASH = 0x2f;
const O_PATH_DIRECTORY_CLOEXEC = 0o10000000 | 0o2000000 |
  (Deno.build.arch === "aarch64" ? 0o40000 : 0o200000);

/**
 * Call with a directory and a path from there that the kernel takes, whatever the path's length. The
 * bytes are for one call ({@linkcode passing}).
 */
export function atPath<R>(
  path: string,
  dir: number,
  call: (dir: number, path: Uint8Array<ArrayBuffer>) => R,
): R {
  return atBytes(passing(path), dir, path, call);
}

function atBytes<R>(
  bytes: Uint8Array<ArrayBuffer>,
  dir: number,
  path: string,
  call: (dir: number, path: Uint8Array<ArrayBuffer>) => R,
): R {
  if (bytes.length <= PATH_MAX) return call(dir, bytes);
  const cut = bytes.lastIndexOf(SLASH, PATH_MAX - 2);
  const head = bytes.slice(0, cut + 1);
  head[cut] = 0;
  const fd = check(libc.openat(dir, head, O_PATH_DIRECTORY_CLOEXEC, 0), "open", path);
  try {
    return atBytes(bytes.slice(cut + 1), fd, path, call);
  } finally {
    libc.close(fd);
  }
}
