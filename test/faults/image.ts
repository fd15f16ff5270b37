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

/** Beside an image can lie another one, with a file system of its own for DISCO's state. */
const STATE = ".state";

/** A folder that is mounted at its own place and at another one, if that is in the image. */
export const [TWICE, ALIAS] = ["/opt", "/alias"];

/** Empty file systems in files; one for the state if it is to be `apart`. */
export function makeImage(image: string, fs: FileSystem, apart: boolean): void {
  bash(`rm -f ${image} ${image}${STATE}`, "/");
  for (const file of apart ? [image, image + STATE] : [image]) {
    bash(MAKE[fs].replaceAll("IMAGE", file), "/");
  }
}

/** The image as it is now, to another name; holes stay holes. */
export function copyImage(from: string, to: string): void {
  bash(`cp --sparse=always ${from} ${to}`, "/");
  bash(`[ ! -e ${from}${STATE} ] || cp --sparse=always ${from}${STATE} ${to}${STATE}`, "/");
}

/** Mount an image, or a device that a caller made of it. */
export function mountImage(image: string, at: string, fs: FileSystem): void {
  const loop = image.startsWith("/dev/") ? "" : "loop,";
  const mount = `mount -t ${fs} -o ${loop}${OPTIONS[fs]}`;
  const state = `${at}/var/disco`;
  bash(`${mount} ${image} ${at}`, "/");
  bash(
    `[ ! -e ${image}${STATE} ] || { mkdir -p ${state}; ${mount} ${image}${STATE} ${state}; }`,
    "/",
  );
  bash(
    `[ ! -d ${at}${ALIAS} ] || { mount --bind ${at}${TWICE} ${at}${TWICE}; ` +
      `mount --bind ${at}${TWICE} ${at}${ALIAS}; }`,
    "/",
  );
}

/** Unmount; the loop devices go, too. */
export function unmount(at: string): void {
  bash(`umount -R ${at}`, "/");
}
