/**
 * Text from outside, made safe to show.
 *
 * @module
 */

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

const SHORT: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/**
 * The text on one line, with control characters, bidirectional overrides and lone surrogates (bytes
 * of a name that are not UTF-8, see `lib/posix/names.ts`) written as escapes.
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, escape);
}

/** Like {@linkcode printable}, but tabs stay: a line of a program's output. */
export function printableLine(text: string): string {
  return text.replaceAll(CONTROL, (c) => c === "\t" ? c : escape(c));
}

function escape(c: string): string {
  const code = c.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return SHORT[c] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`);
}
