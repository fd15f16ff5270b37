/**
 * Files that others wrote, who may mean harm.
 *
 * @module
 */
import { close, O, open, read, readAll, seek } from "./file.ts";
import { SyscallError } from "./errno.ts";
import { fstat, type Stat } from "./stat.ts";

/** The last bytes of a regular file, however large; undefined where there is none. */
export function readEnd(path: string, most: number): Uint8Array<ArrayBuffer> | undefined {
  let fd: number;
  try {
    fd = open(path, O.RDONLY | O.NOFOLLOW | O.NONBLOCK);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
  try {
    const { type, size } = fstat(fd);
    if (type !== "file") return undefined;
    const bytes = new Uint8Array(Math.min(size, most));
    seek(fd, size - bytes.length, path);
    return bytes.subarray(0, read(fd, bytes, path));
  } finally {
    close(fd);
  }
}

/** The content of a regular file of at most `most` bytes; undefined where there is no such file. */
export function readSmallFile(path: string, most = 65_536): Uint8Array<ArrayBuffer> | undefined {
  return readSmallFileAndStat(path, most)?.bytes;
}

/** The same, with what the file is: that of the very inode which was read. */
export function readSmallFileAndStat(
  path: string,
  most = 65_536,
): { bytes: Uint8Array<ArrayBuffer>; stat: Stat } | undefined {
  let fd: number;
  try {
    fd = open(path, O.RDONLY | O.NOFOLLOW | O.NONBLOCK);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
  try {
    const stat = fstat(fd);
    if (stat.type !== "file" || stat.size > most) return undefined;
    return { bytes: readAll(fd, stat.size, path), stat };
  } finally {
    close(fd);
  }
}
