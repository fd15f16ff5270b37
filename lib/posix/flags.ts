/**
 * Flags of inodes, as chattr(1) sets them (ioctl_iflags(2)).
 *
 * @module
 */
import { libc } from "./libc.ts";

/** `_IOR('f', 1, long)` and `_IOW('f', 2, long)`, linux/fs.h; the kernel moves an int. */
const FS_IOC_GETFLAGS = 0x80086601n;
const FS_IOC_SETFLAGS = 0x40086602n;

/** Flags by their letters in chattr(1): how a file is stored and written, not what may be done to it. */
export const FLAG = {
  s: 0x1,
  u: 0x2,
  c: 0x4,
  S: 0x8,
  d: 0x40,
  A: 0x80,
  m: 0x400,
  j: 0x4000,
  t: 0x8000,
  D: 0x10000,
  C: 0x800000,
} as const;

/** The flags of an open file or directory; 0 where the file system has none. */
export function flagsOf(fd: number): number {
  const raw = new Uint32Array(2);
  if (libc.ioctl(fd, FS_IOC_GETFLAGS, new Uint8Array(raw.buffer)) < 0) return 0;
  return raw[0]!;
}

/** Set the flags of an open file or directory. False where the file system does not take them. */
export function setFlags(fd: number, flags: number): boolean {
  const raw = new Uint32Array([flags, 0]);
  return libc.ioctl(fd, FS_IOC_SETFLAGS, new Uint8Array(raw.buffer)) >= 0;
}
