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
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    out += length === 0
      ? String.fromCharCode(0xdc00 + bytes[i]!)
      : strict.decode(bytes.subarray(i, i + length));
    i += length || 1;
  }
  return out;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      strict.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Too short yet, or not UTF-8.
    }
  }
  return 0;
}
