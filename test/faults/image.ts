/**
 * Small file systems in files.
 *
 * @module
 */
import { lstat } from "../../lib/posix/mod.ts";
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

/** A folder of what is changed. */
const FOLDER = "/opt";
/** What can be mounted at two places. */
export const TWICE = ["folder", "subvolume", "root"] as const;
export type Twice = typeof TWICE[number];

/** The second place of each: it is mounted where this is in the image. */
const ALIAS: Record<Twice, string> = {
  folder: "/alias",
  subvolume: "/alias-of-subvolume",
  root: "/alias-of-root",
};
/** `AT` is the place of the image, `DEVICE` what is mounted there. */
const MOUNT: Record<Twice, string> = {
  folder: `mount --bind AT${FOLDER} AT${FOLDER}; mount --bind AT${FOLDER} AT${ALIAS.folder}`,
  subvolume: `for at in AT${FOLDER} AT${ALIAS.subvolume}; do mount -o subvol=s DEVICE $at; done`,
  root: `mount --bind AT AT${ALIAS.root}`,
};
/** What makes an image so, once, where it is mounted. */
const FURNISH: Record<Twice, string> = {
  folder: "",
  subvolume: `btrfs -q subvolume create AT/s; cp -a AT${FOLDER}/. AT/s; rm -r AT${FOLDER}/*`,
  root: "",
};

/** Let something of the image that is mounted at a place be mounted twice from the next time on. */
export function mountTwice(at: string, twice: Twice): void {
  bash(`mkdir ${at}${ALIAS[twice]}; ${FURNISH[twice].replaceAll("AT", at)}`, "/");
}

/** Where the file systems of an image are mounted, as seen from its root. */
export function placesOf(at: string): string[] {
  const twice = TWICE.find((one) => lstat(at + ALIAS[one]));
  if (!twice) return ["/"];
  return ["/", ...(twice === "root" ? [] : [FOLDER]), ALIAS[twice]];
}

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
  const twice = TWICE.find((one) => lstat(at + ALIAS[one]));
  if (!twice) return;
  const device = `$(findmnt -no SOURCE ${at} | sed 's/\\[.*//')`;
  bash(MOUNT[twice].replaceAll("AT", at).replaceAll("DEVICE", device), "/");
}

/** Unmount; the loop devices go, too. */
export function unmount(at: string): void {
  bash(`umount -R ${at}`, "/");
}
