/**
 * What a script was denied, as it was written down.
 *
 * @module
 */
import { nameOf, readSmallFile } from "../posix/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";
import { LONGEST_RECORD, parseRecord } from "./parse_record.ts";
import { commandLine } from "./shown.ts";

/** Denials that are kept of one script. */
export const MOST_DENIED = 200;
/** Characters of a part of a command line, or of a reason. */
const LONGEST_SHOWN = 200;

/** A command that the policy denied, or that could not wait for the merge. */
export interface Denial {
  /** The command line, and why it was refused if that is not the policy. */
  readonly what: string;
  /** What its author can do, if something special is known. */
  readonly advice?: string;
  /** The script itself asked for it, and nothing that it called. */
  readonly byScript?: true;
}

/** Denials are only reported: one that cannot be read is reported as such. */
export function readDenied(folder: string, names: readonly string[]): Denial[] {
  const known = names.slice(0, MOST_DENIED).map((name) => readDenial(`${folder}/${name}`));
  const more = names.length - known.length;
  return more > 0 ? [...known, { what: `${more} more commands` }] : known;
}

/** A record of another meaning: its first string says why; behind the words stand who asked, and the advice. */
function readDenial(path: string): Denial {
  const bytes = readSmallFile(path, LONGEST_RECORD);
  const words = bytes && parseRecord(nameOf(bytes));
  if (!words) return { what: "a command" };
  const line = shortened(commandLine(words.argv), 5 * LONGEST_SHOWN);
  const why = printable(shortened(words.cwd, LONGEST_SHOWN));
  const advice = printable(shortened(words.environment.at(-1) ?? "", LONGEST_SHOWN));
  return {
    what: why ? `${line}: ${why}` : line,
    ...(advice ? { advice } : {}),
    ...(words.environment[0] === "script" ? { byScript: true } : {}),
  };
}
