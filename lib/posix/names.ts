/**
 * File names as Linux has them: bytes. A byte that is not UTF-8 becomes a lone surrogate U+DC80 to
 * U+DCFF and back again (the "surrogateescape" of PEP 383), so that every name survives the way
 * through a string.
 *
 * @module
 */

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a name or path. */
export function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  return name.isWellFormed() ? encoder.encode(name) : escapedBytes(name);
}

/** The bytes of a path, ended by a NUL, as libc wants them; a NUL inside is refused. */
export function cString(path: string): Uint8Array<ArrayBuffer> {
  if (path.includes("\0")) throw new TypeError(`Cannot use ${JSON.stringify(path)}: it has a NUL`);
  return bytesOf(path + "\0");
}

/** Room of those paths, and how many there are at a time. */
const ROOM = 512;
const kept = Array.from({ length: 8 }, () => new Uint8Array(ROOM));
let count = 0;

/**
 * Like {@linkcode cString}, for a call that is made at once: the bytes are those of this path until this
 * has been called seven times more, and there are more of them after the NUL. New bytes for each call
 * cost more than many a call.
 */
export function passing(path: string): Uint8Array<ArrayBuffer> {
  if (path.length >= ROOM) return cString(path);
  const bytes = kept[count = (count + 1) % kept.length]!;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code === 0 || code > 0x7f) return cString(path);
    bytes[i] = code;
  }
  bytes[path.length] = 0;
  return bytes;
}

/** The name that these bytes spell. */
export function nameOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return escapedName(bytes);
  }
}

function escapedBytes(name: string): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (const c of name) {
    const code = c.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(c));
  }
  return new Uint8Array(out);
}

/** Decodes the longest valid sequences; what is left over is escaped byte by byte. */
function escapedName(bytes: Uint8Array): string {
  let out = "";
  let begin = 0;
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      if (begin < i) out += strict.decode(bytes.subarray(begin, i));
      out += String.fromCharCode(0xdc00 + bytes[i]!);
      begin = i + 1;
    }
    i += length || 1;
  }
  return begin < bytes.length ? out + strict.decode(bytes.subarray(begin)) : out;
}

/** Bytes of the UTF-8 sequence at a place; 0 where there is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
