/**
 * What was found, or not found, and how much of it is read.
 *
 * @module
 */
import { E, machineView, read, type Stat, SyscallError } from "../posix/mod.ts";

/** Whether it is a directory that nobody but root may enter, whatever its directory has handed down. */
export function isPrivate({ type, uid, mode }: Stat): boolean {
  return type === "directory" && uid === 0 && (mode & 0o777) === 0o700;
}

/** Everything of a file, which may grow or shrink meanwhile; undefined for more than `most` bytes. */
export function readUpTo(
  fd: number,
  expected: number,
  most: number,
  path: string,
): Uint8Array<ArrayBuffer> | undefined {
  let bytes = new Uint8Array(expected + 1);
  for (let length = 0;;) {
    const n = read(fd, bytes.subarray(length), path);
    length += n;
    if (length > most) return undefined;
    if (n === 0) return bytes.subarray(0, length);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(Math.min(bytes.length * 2, most + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

/** Whether a failure says that there is nothing, or a link or a file where a directory was expected. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof SyscallError)) return false;
  const missing: readonly number[] = [E.NOENT, E.NOTDIR, E.LOOP];
  // Without root a place that cannot be entered counts as empty.
  return missing.includes(error.errno) || (error.errno === E.ACCES && !machineView().readsAll);
}
