/**
 * Small file systems in files.
 *
 * @module
 */
import { bash } from "../union/child.ts";

/** Which are tried. */
export const FILE_SYSTEMS = ["ext4", "xfs", "btrfs"] as const;

/** One of them. */
export type FileSystem = typeof FILE_SYSTEMS[number];

const MAKE: Record<FileSystem, string> = {
  ext4: "truncate -s 8M IMAGE; mkfs.ext4 -q -F IMAGE",
  xfs: "truncate -s 64M IMAGE; mkfs.xfs --unsupported -q -f IMAGE 2>/dev/null",
  btrfs: "truncate -s 110M IMAGE; mkfs.btrfs -q -f IMAGE",
};

/** Nothing is written back by itself, and ext4 does not hide a missing fsync. */
const OPTIONS: Record<FileSystem, string> = {
  ext4: "noatime,commit=300,noauto_da_alloc",
  xfs: "noatime,nouuid",
  btrfs: "noatime,commit=300",
};

/** An empty file system in a file. */
export function makeImage(image: string, fs: FileSystem, more = ""): void {
  bash(`rm -f ${image}; ${MAKE[fs].replaceAll("IMAGE", image)} ${more}`, "/");
}

/** The image as it is now, to another name; holes stay holes. */
export function copyImage(from: string, to: string): void {
  bash(`cp --sparse=always ${from} ${to}`, "/");
}

/** Mount an image, or a device that a caller made of it. */
export function mountImage(image: string, at: string, fs: FileSystem): void {
  const loop = image.startsWith("/dev/") ? "" : "loop,";
  bash(`mount -t ${fs} -o ${loop}${OPTIONS[fs]} ${image} ${at}`, "/");
}

/** Unmount; the loop device goes, too. */
export function unmount(at: string): void {
  bash(`umount ${at}`, "/");
}
