/**
 * Files that somebody else wrote, who may mean harm.
 *
 * @module
 */
import { close, O, open, readAll } from "./file.ts";
import { SyscallError } from "./libc.ts";
import { fstat } from "./stat.ts";

/** The content of a regular file of at most `most` bytes; undefined where there is none such. */
export function readSmallFile(path: string, most = 65_536): Uint8Array<ArrayBuffer> | undefined {
  let fd: number;
  try {
    fd = open(path, O.RDONLY | O.NOFOLLOW | O.NONBLOCK);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
  try {
    const { type, size } = fstat(fd);
    return type === "file" && size <= most ? readAll(fd, size, path) : undefined;
  } finally {
    close(fd);
  }
}
