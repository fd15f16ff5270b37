/**
 * Archives that hold a link to what stands in for a command: an archiver keeps it without following it.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { SHIM_FOLDER } from "../effects/mod.ts";
import { bytesOf, close, readAt } from "../posix/mod.ts";
import { LONGEST_START, withUnpacked } from "./unpacked.ts";

/** Bytes that are looked through of one archive, as it is and unpacked. */
const MOST = 1 << 30;
const CHUNK = 1 << 20;
/** Where the formats have their mark: tar (POSIX and GNU), cpio ("new ASCII", and with checksums), zip. */
const MARKS: readonly (readonly [at: number, mark: string])[] = [
  [257, "ustar"],
  [0, "070701"],
  [0, "070702"],
  [0, "PK\x03\x04"],
];
const LINK = bytesOf(`${SHIM_FOLDER}/shims/`);

/** Whether a file is an archive, perhaps a compressed one, and holds a link to a stand-in. */
export async function archivesStandIn(tree: Tree, path: string): Promise<boolean> {
  const stat = tree.stat(path);
  if (stat?.type !== "file" || stat.size < LINK.length || stat.size > MOST) return false;
  const fd = tree.openFile(path, stat);
  try {
    const start = new Uint8Array(LONGEST_START);
    readAt(fd, start, 0, path);
    const pieces = chunks(fd, path);
    return await withUnpacked(start, pieces, holdsLink) ?? await holdsLink(pieces);
  } finally {
    close(fd);
  }
}

function* chunks(fd: number, path: string): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0;; at += CHUNK) {
    const bytes = new Uint8Array(CHUNK);
    const length = readAt(fd, bytes, at, path);
    if (length > 0) yield bytes.subarray(0, length);
    if (length < CHUNK) return;
  }
}

async function holdsLink(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const least = Math.max(...MARKS.map(([at, mark]) => at + mark.length));
  let rest: Uint8Array = new Uint8Array();
  let [seen, isKnown] = [0, false];
  for await (const piece of pieces) {
    const bytes = joined(rest, piece);
    seen += piece.length;
    if (!isKnown && bytes.length >= least) {
      if (!isArchive(bytes)) return false;
      isKnown = true;
    }
    if (isKnown && holds(bytes, LINK)) return true;
    if (seen > MOST) return false;
    // What lies across two pieces is found as well.
    rest = isKnown ? bytes.subarray(-LINK.length) : bytes;
  }
  return !isKnown && isArchive(rest) && holds(rest, LINK);
}

function isArchive(bytes: Uint8Array): boolean {
  return MARKS.some(([at, mark]) => starts(bytes, at, bytesOf(mark)));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function starts(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  return wanted.every((byte, i) => bytes[at + i] === byte);
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (starts(bytes, at, wanted)) return true;
  }
  return false;
}
