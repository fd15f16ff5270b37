/**
 * Parameters as lines of text, as `param dump` prints and `param set -` reads them:
 *
 *     PATH=VALUE      one line of text; the file ends with a newline
 *     PATH=           an empty file
 *     PATH={}         an empty folder
 *     PATH\=CONTENT   the exact content of any other file (several lines, no newline at the end,
 *                     control characters, or the line "{}" itself), where `\n` is a newline,
 *                     `\\` a backslash and `\xHH` the byte HH
 *
 * A `=` in PATH is written `\x3d`. Everything is bytes, here held as strings of one byte a character.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { parseKey } from "./key.ts";

/** A parameter's key and content; undefined for an empty folder. */
export type Line = [key: string, content: Uint8Array | undefined];

// deno-lint-ignore no-control-regex
const PLAIN = /^[^\x00-\x08\x0a-\x1f\x7f]+\n$/;
// deno-lint-ignore no-control-regex
const ESCAPED = /[\x00-\x08\x0a-\x1f\x7f\\]/g;

/** The line for a parameter, with its newline, one character a byte. */
export function formatLine(key: string, content: Uint8Array | undefined): string {
  const path = key.replaceAll("=", "\\x3d");
  if (content === undefined) return `${path}={}\n`;
  const text = binaryString(content);
  if (text === "") return `${path}=\n`;
  if (PLAIN.test(text) && text !== "{}\n") return `${path}=${text}`;
  return `${path}\\=${text.replaceAll(ESCAPED, escape)}\n`;
}

/** Parse lines; empty ones are skipped. An error names the line. */
export function parseLines(text: Uint8Array): Line[] {
  return binaryString(text).split("\n").flatMap((line, index) => {
    if (line === "") return [];
    try {
      return [parseLine(line)];
    } catch (cause) {
      throw new DiscoError(
        `Cannot set parameters: line ${index + 1}: ${printable(messageOf(cause))}`,
        { cause },
      );
    }
  });
}

function parseLine(line: string): Line {
  const sign = line.indexOf("=");
  if (sign < 0) throw new DiscoError(`expected "PATH=VALUE"`);
  const exact = line[sign - 1] === "\\";
  const key = parseKey(line.slice(0, exact ? sign - 1 : sign).replaceAll("\\x3d", "="));
  const value = line.slice(sign + 1);
  if (exact) return [key, bytesOf(unescape(value))];
  if (value === "{}") return [key, undefined];
  return [key, bytesOf(value === "" ? "" : `${value}\n`)];
}

function escape(c: string): string {
  if (c === "\n") return "\\n";
  if (c === "\\") return "\\\\";
  return `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(\\|n|x[0-9a-f]{2}|)/g, (whole, what: string) => {
    if (what === "") throw new DiscoError(`expected "\\\\", "\\n" or "\\xHH" after "\\="`);
    if (what === "\\") return "\\";
    return what === "n" ? "\n" : String.fromCharCode(parseInt(whole.slice(2), 16));
  });
}

function binaryString(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
