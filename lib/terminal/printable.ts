/**
 * Text from outside, made safe to show.
 *
 * @module
 */

/**
 * What a terminal obeys instead of showing it, or what nobody sees: controls (C0, C1, DEL), format
 * characters (bidirectional marks, zero-width characters, tags), other invisible ones (variation
 * selectors, fillers), separators of lines and paragraphs, and lone surrogates (bytes of a name that
 * are not UTF-8, see `lib/posix/names.ts`). The classes are those of Unicode (UAX #44).
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const SHORT: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/** The text on one line, with everything that is not to be seen written as escapes. */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, escape);
}

/** Like {@linkcode printable}, but tabs stay: a line of a program's output. */
export function printableLine(text: string): string {
  return text.replaceAll(UNSEEN, (c) => c === "\t" ? c : escape(c));
}

/** Colours and movements (ECMA-48), titles and links (OSC), and single escapes. */
const SEQUENCES =
  // deno-lint-ignore no-control-regex
  /\x1b\[[0-?]*[ -\/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)?|\x1b[ -\/]*[0-~]/g;

/**
 * A line of a program's output as a terminal would leave it: without colours, and of what was
 * written over and over, such as a progress bar, only the last.
 */
export function terminalLine(text: string): string {
  const plain = text.replaceAll(SEQUENCES, "");
  if (!plain.includes("\r")) return plain;
  return plain.split("\r").findLast((part) => part.trim() !== "") ?? "";
}

/** Whether the text is shown as it is. */
export function isPrintable(text: string): boolean {
  return text.search(UNSEEN) < 0;
}

/** The text, cut to at most `most` characters, with how many more there are. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}... (${text.length - most} more characters)`;
}

/** JSON without a character that {@linkcode printable} would escape; it means the same. */
export function printableJson(json: string): string {
  return json.replaceAll(UNSEEN, (c) => {
    if (c === "\n") return c;
    return [...Array(c.length).keys()]
      .map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
  });
}

/** A word that a shell, and a reader, takes as it is. */
const SAFE = /^[A-Za-z0-9@%+=:,./_-][A-Za-z0-9@%+=:,./_~-]*$/;

/**
 * A word as a person would type it in bash: quoted as soon as it holds anything but letters, digits
 * and `@%+=:,./_~-`, so that no name can be taken for what stands around it.
 */
export function shellWord(word: string): string {
  if (SAFE.test(word)) return word;
  if (isPrintable(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  return `$'${word.replaceAll(/[\\']/g, "\\$&").replaceAll(UNSEEN, escapeForBash)}'`;
}

function escape(c: string): string {
  const code = c.codePointAt(0)!;
  if (isByte(code)) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return SHORT[c] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

/** There `\x9b` is a byte, and no character. */
function escapeForBash(c: string): string {
  const code = c.codePointAt(0)!;
  if (isByte(code)) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x80) return SHORT[c] ?? `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function isByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
