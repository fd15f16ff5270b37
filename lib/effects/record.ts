/**
 * Effects as the shims write them down, and as they are kept.
 *
 * @module
 */
import { nameOf, readdir, readSmallFile } from "../posix/mod.ts";

/** As long as the arguments of a program can be, with room (execve(2)). */
const LONGEST_RECORD = 4 << 20;

/** An action on the running system that a ball asked for. */
export interface Effect {
  readonly ball: string;
  readonly script: string;
  /** The working directory it was asked for in. */
  readonly cwd: string;
  readonly argv: readonly string[];
}

/**
 * Read the records of one folder in the order in which they were made. A record is a file of
 * strings, each ended by a NUL: ball, script, working directory, arguments. Its name begins with
 * its number, because times are too coarse to tell two records apart.
 */
export function readEffects(folder: string): Effect[] {
  return readRecords(folder, ".effect");
}

/** What the policy denied, from the records of the same kind beside the effects. */
export function readDenied(folder: string): Effect[] {
  return readRecords(folder, ".denied");
}

/** A ball can write there what it likes: what is no small file is no record. */
function readRecords(folder: string, ending: string): Effect[] {
  return readdir(folder).map(({ name }) => name).filter((name) => name.endsWith(ending)).sort()
    .flatMap((name) => {
      const bytes = readSmallFile(`${folder}/${name}`, LONGEST_RECORD);
      return bytes === undefined ? [] : parseEffect(nameOf(bytes));
    });
}

function parseEffect(text: string): Effect[] {
  const [ball = "", script = "", cwd = "/", ...argv] = text.split("\0").slice(0, -1);
  return argv.length === 0 ? [] : [{ ball, script, cwd, argv }];
}

/** The effects without those that were asked for before: one restart, however many ask for it. */
export function deduplicate(effects: readonly Effect[]): Effect[] {
  const seen = new Set<string>();
  return effects.filter((effect) => {
    const key = JSON.stringify([effect.cwd, effect.argv]);
    return !seen.has(key) && seen.add(key);
  });
}

/** The command line as a person would type it. */
export function commandLine(argv: readonly string[]): string {
  const quoted = (word: string) =>
    /^[A-Za-z0-9@%+=:,./_-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return argv.map(quoted).join(" ");
}
