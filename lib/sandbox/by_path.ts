/**
 * Commands that a script calls by their absolute path, and so past the policy, which meets them by
 * name.
 *
 * @module
 */
import { nameOf, readSmallFile } from "../posix/mod.ts";
import { COMMAND_FOLDERS } from "./commands.ts";

/** Bytes of a script that are looked at; what is longer is data for the most part. */
const LONGEST = 1 << 20;
/** Commands of one script; more are a list of files and not a script that a person has written. */
const MOST = 200;

const COMMAND_PATH = new RegExp(
  `(?<![\\w./-])(?:${COMMAND_FOLDERS.join("|")})/[A-Za-z0-9][\\w.+-]*(?![\\w/])`,
  "g",
);

/** The absolute paths of commands in a text, each once, in the order in which they are written. */
export function commandPathsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [path] of text.matchAll(COMMAND_PATH)) {
    if (found.size < MOST) found.add(path.replace(/\.+$/, ""));
  }
  return [...found];
}

/** The variable by which bash takes such a path for the command's name (see `bash_env.sh`). */
export function byPath(script: string): Record<string, string> {
  const text = nameOf(readSmallFile(script, LONGEST) ?? new Uint8Array());
  const paths = commandPathsIn(text);
  return paths.length > 0 ? { DISCO_BY_PATH: paths.join(" ") } : {};
}
