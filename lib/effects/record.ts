/**
 * Effects as the shims write them down, and as they are kept.
 *
 * @module
 */
import { nameOf, readdir, readFile } from "../posix/mod.ts";

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
  return readdir(folder).map(({ name }) => name).filter((name) => name.endsWith(".effect")).sort()
    .flatMap((name) => parseEffect(nameOf(readFile(`${folder}/${name}`))));
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
