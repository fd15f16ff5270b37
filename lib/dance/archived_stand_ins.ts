/**
 * Archives that hold a link to what stands in for a command: an archiver keeps it without following it.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { SHIM_FOLDER } from "../effects/mod.ts";
import { bytesOf, readAt, withFile } from "../posix/mod.ts";

/** Bytes of the largest archive that is looked through. */
const LARGEST = 1 << 30;
const CHUNK = 1 << 20;
/** Where the formats have their mark: tar (POSIX and GNU), cpio ("new ASCII", and with checksums). */
const MARKS: readonly (readonly [at: number, mark: string])[] = [
  [257, "ustar"],
  [0, "070701"],
  [0, "070702"],
];
const LINK = bytesOf(`${SHIM_FOLDER}/shims/`);

/** Whether a file is an archive that is not compressed, and holds a link to a stand-in. */
export function archivesStandIn(tree: Tree, path: string): boolean {
  const stat = tree.stat(path);
  if (stat?.type !== "file" || stat.size < LINK.length || stat.size > LARGEST) return false;
  return withFile(tree.openFile(path, stat), (fd) => {
    // What lies across two chunks is found, too: the end of each stands before the next one.
    const bytes = new Uint8Array(CHUNK);
    for (let at = 0; at < stat.size; at += CHUNK - LINK.length) {
      const length = readAt(fd, bytes, at, path);
      const part = bytes.subarray(0, length);
      if (at === 0 && !isArchive(part)) return false;
      if (holds(part, LINK)) return true;
      if (length < CHUNK) return false;
    }
    return false;
  });
}

function isArchive(start: Uint8Array): boolean {
  return MARKS.some(([at, mark]) => bytesOf(mark).every((byte, i) => start[at + i] === byte));
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
