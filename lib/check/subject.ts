/**
 * What is checked: a ball by its name, or by its folder.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import { parseBallName } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";

/** The ball, and where it is. */
export interface Subject {
  readonly ball: string;
  /** The universe that a folder lies in; undefined for a name, which is in the node's universe. */
  readonly universe: string | undefined;
}

/** A name, or a path `<universe>/balls/<ball>`: a word with a slash, `.` or `..`. */
export function subjectOf(word: string): Subject {
  const isPath = word.includes("/") || word === "." || word === "..";
  if (!isPath) return { ball: named(word, word), universe: undefined };
  const folder = resolve(word);
  const bad = (why: string) =>
    new DiscoError(`Cannot check "${word}": ${why}`, {
      code: 3,
      hint: "give the name of a ball, or its folder in a universe: UNIVERSE/balls/BALL",
    });
  if (!isFolder(folder)) throw bad("it is not a folder");
  if (basename(dirname(folder)) !== "balls") throw bad("it lies in no universe");
  return { ball: named(basename(folder), word), universe: dirname(dirname(folder)) };
}

function named(name: string, word: string): string {
  try {
    return parseBallName(name);
  } catch (cause) {
    if (!(cause instanceof DiscoError)) throw cause;
    throw new DiscoError(`Cannot check "${word}": ${cause.message}`, { code: 3, cause });
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
