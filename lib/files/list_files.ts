/**
 * Files of lines in a folder of DISCO's own, such as `/etc/disco/reactions.d`.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Bytes of a file, and files of a folder. */
const MOST_BYTES = 1 << 20;
const MOST_FILES = 1000;

/** The names in a folder, sorted; none where there is no such folder. */
export function listNames(folder: string): string[] {
  try {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    if (names.length <= MOST_FILES) return names;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
  throw unreadable(folder, `it has more than ${MOST_FILES} files`);
}

/** The text of a file of lines; throws a {@linkcode DiscoError} that names it. */
export function readList(path: string): string {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile) throw new Error("it is not a file");
    if (size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    return textOf(Deno.readFileSync(path));
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("it is not UTF-8", { cause });
  }
}

function unreadable(path: string, why: string, cause?: unknown): DiscoError {
  return new DiscoError(`Cannot read "${printable(path)}": ${why}`, { cause });
}
