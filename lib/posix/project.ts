/**
 * Projects of files: what project quotas count (ioctl_fs(2), FS_IOC_FSGETXATTR).
 *
 * @module
 */
import { libc } from "./libc.ts";

/** `_IOR('X', 31, struct fsxattr)`, linux/fs.h. */
const FS_IOC_FSGETXATTR = 0x801c581fn;
const FS_XFLAG_PROJINHERIT = 0x200;

/** What an inode belongs to. */
export interface Project {
  readonly id: number;
  /** What is made in the directory gets the same, and nothing of another one may be moved there. */
  readonly isInherited: boolean;
}

/** The project of an open file or directory; 0 where the file system has none. */
export function projectOf(fd: number): Project {
  // struct fsxattr: xflags, extsize, nextents, projid, cowextsize, padding.
  const raw = new Uint8Array(28);
  if (libc.ioctl(fd, FS_IOC_FSGETXATTR, raw) < 0) return { id: 0, isInherited: false };
  const view = new DataView(raw.buffer);
  return {
    id: view.getUint32(12, true),
    isInherited: (view.getUint32(0, true) & FS_XFLAG_PROJINHERIT) !== 0,
  };
}
