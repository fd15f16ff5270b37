/**
 * Effects as the shims write them down, and as they are kept.
 *
 * What a script leaves in the folder of records is not to be trusted: only the command and the
 * folder it is asked for in are taken from there, within bounds. Which ball and script asked is what
 * DISCO knows to have been running.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { nameOf, readdir, readSmallFile } from "../posix/mod.ts";
import { printable, shellWord, shortened } from "../terminal/printable.ts";

/** Effects that one script can ask for. */
export const MOST_EFFECTS = 1000;
/** Bytes of one record, and of those of one script; the kernel takes 128 KiB a word (execve(2)). */
const LONGEST_RECORD = 128 << 10;
const MOST_BYTES = 1 << 20;
/** Denials that are kept of one script. */
const MOST_DENIED = 200;
/** What is listed of the folder at most. */
const MOST_NAMES = MOST_EFFECTS + 10 * MOST_DENIED;
/** Characters of a name, or of a command line, in a message. */
const LONGEST_SHOWN = 200;

/** An action on the running system that a ball asked for. */
export interface Effect {
  readonly ball: string;
  readonly script: string;
  /** The working directory it was asked for in. */
  readonly cwd: string;
  readonly argv: readonly string[];
}

/** What ran when the records were made. */
export type Asker = Pick<Effect, "ball" | "script">;

/** What a script left. */
export interface Asked {
  /** In the order in which they were asked for. */
  readonly effects: Effect[];
  /** Command lines that the policy denied; with more than {@linkcode MOST_DENIED}, how many more. */
  readonly denied: string[];
}

/**
 * Read what one script left in the folder of records. A record is a file of strings, each ended by a
 * NUL: ball, script (neither is believed), working directory, arguments. Its name begins with its
 * number, because times are too coarse to tell two records apart.
 *
 * Throws a {@linkcode DiscoError} for what cannot be carried out as it was asked for: a dance must
 * not lose an effect, and go on as if nobody had asked.
 */
export function readAsked(folder: string, asker: Asker): Asked {
  const names = readdir(folder, undefined, MOST_NAMES + 1).map(({ name }) => name).sort();
  const asked = names.filter((name) => name.endsWith(".effect"));
  const denied = names.filter((name) => name.endsWith(".denied"));
  if (asked.length > MOST_EFFECTS || names.length > MOST_NAMES) {
    throw refused(asker, `it asked for more than ${MOST_EFFECTS} effects`);
  }
  const odd = names.find((name) => !/\.(effect|denied)$/.test(name));
  if (odd !== undefined) throw refused(asker, `the record "${nameShown(odd)}" was not finished`);
  return { effects: readEffects(folder, asked, asker), denied: readDenied(folder, denied) };
}

function readEffects(folder: string, names: readonly string[], asker: Asker): Effect[] {
  let left = MOST_BYTES;
  return names.map((name) => {
    const bytes = readSmallFile(`${folder}/${name}`, Math.min(LONGEST_RECORD, left));
    if (bytes === undefined) throw refused(asker, whyUnread(name, left));
    left -= bytes.length;
    const words = parseRecord(nameOf(bytes));
    const why = words === undefined ? "it is not a record" : whyImpossible(words);
    if (why) throw refused(asker, `the record "${nameShown(name)}" cannot be carried out: ${why}`);
    const { cwd, argv } = words!;
    return { ...asker, cwd, argv };
  });
}

function whyUnread(name: string, left: number): string {
  if (left < LONGEST_RECORD) return `its effects are longer than ${MOST_BYTES} bytes`;
  return `the record "${nameShown(name)}" is not a file of at most ${LONGEST_RECORD} bytes`;
}

/** Denials are told, and nothing depends on them: what cannot be read of them is told as such. */
function readDenied(folder: string, names: readonly string[]): string[] {
  const lines = names.slice(0, MOST_DENIED).map((name) => {
    const bytes = readSmallFile(`${folder}/${name}`, LONGEST_RECORD);
    const words = bytes && parseRecord(nameOf(bytes));
    return words ? shortened(commandLine(words.argv), 5 * LONGEST_SHOWN) : "a command";
  });
  const more = names.length - lines.length;
  return more > 0 ? [...lines, `${more} more commands`] : lines;
}

function parseRecord(text: string): Pick<Effect, "cwd" | "argv"> | undefined {
  const words = text.split("\0");
  const [, , cwd, ...argv] = words.slice(0, -1);
  if (words.at(-1) !== "" || cwd === undefined || argv.length === 0) return undefined;
  return { cwd, argv };
}

function whyImpossible({ cwd, argv }: Pick<Effect, "cwd" | "argv">): string | undefined {
  if (argv[0] === "") return "its command is empty";
  // The runtime starts programs with words of UTF-8 only.
  const odd = [cwd, ...argv].find((word) => !word.isWellFormed());
  if (odd !== undefined) {
    return `${shellWord(shortened(odd, LONGEST_SHOWN))} is not UTF-8: ask for it in post/`;
  }
  const isPlain = cwd.startsWith("/") && !cwd.split("/").some((part) => part === "..");
  return isPlain
    ? undefined
    : `its folder "${nameShown(cwd)}" is not an absolute path without ".."`;
}

function refused({ ball, script }: Asker, why: string): DiscoError {
  return new DiscoError(`Cannot apply ball "${ball}": effects of ${printable(script)}: ${why}`, {
    hint:
      "ask for effects with disco-effect, or the command itself; do more in one script of post/",
  });
}

function nameShown(name: string): string {
  return printable(shortened(name, LONGEST_SHOWN));
}

/** The effects without those that were asked for before: one restart, however many ask for it. */
export function deduplicate(effects: readonly Effect[]): Effect[] {
  const seen = new Set<string>();
  return effects.filter((effect) => {
    const key = JSON.stringify([effect.cwd, effect.argv]);
    return !seen.has(key) && seen.add(key);
  });
}

/** The command line as a person would type it, on one line whatever its words hold. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(" ");
}
