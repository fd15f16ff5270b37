/**
 * Effects as the shims write them down, and as they are kept.
 *
 * What a script leaves in the folder of records is not to be trusted: only the command, its folder,
 * input and variables are taken from there, within bounds. Which ball and script asked is what
 * DISCO knows to have been running.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { nameOf, readdir, readSmallFile, readSmallFileAndStat, type Stat } from "../posix/mod.ts";
import { printable, shellWord, shortened } from "../terminal/printable.ts";
import { type Denial, MOST_DENIED, readDenied } from "./denials.ts";
import { exported } from "./exported.ts";
import { LONGEST_RECORD, parseRecord, type Words } from "./parse_record.ts";
import { commandLine } from "./shown.ts";

/** Effects that one script can ask for. */
export const MOST_EFFECTS = 1000;
/** Bytes of the words and variables of one script's effects, and of what they read. */
const MOST_BYTES = 1 << 20;
const LONGEST_INPUT = 1 << 20;
const MOST_INPUT = 4 << 20;
/** What is listed of the folder at most. */
const MOST_NAMES = 2 * MOST_EFFECTS + 10 * MOST_DENIED;
/** Characters of a name, or of a command line, in a message. */
const LONGEST_SHOWN = 200;

/** An action on the running system that a ball asked for; plain JSON, and all that it takes to do it. */
export interface Effect {
  readonly ball: string;
  readonly script: string;
  /** The working directory it was asked for in. */
  readonly cwd: string;
  readonly argv: readonly string[];
  /** What it reads from standard input, in base64; nothing without it. */
  readonly input?: string;
  /** What its script exported on purpose, beside the environment that every effect has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Globs: it is carried out only if the dance changes a path that one of them matches. */
  readonly ifChanged?: readonly string[];
  /** Existing paths that its words name. They must still exist after the merge; dropped once checked. */
  readonly needs?: readonly string[];
}

/** What ran when the records were made. */
export type Asker = Pick<Effect, "ball" | "script">;

/** What a script left. */
export interface Asked {
  /** In the order in which they were asked for. */
  readonly effects: Effect[];
  /** What was denied; with more than {@linkcode MOST_DENIED}, how many more. */
  readonly denied: Denial[];
}

/**
 * Read what one script left in the folder of records. A record is a file of strings, each ended by a
 * NUL: the working directory, how many words the command has, these, the environment, and "end". Its
 * name begins with its number, because times are too coarse to tell two records apart; a file of the
 * same number holds the standard input.
 *
 * Throws a {@linkcode DiscoError} for what cannot be carried out as it was asked for: a dance must
 * not lose an effect, and go on as if nobody had asked.
 *
 * Only the account that is root in the sandbox may ask: an effect is carried out as root.
 *
 * @param given The environment that the script began with: what differs was exported on purpose.
 * @param nameOfUser The name of an account, for a message.
 */
export function readAsked(
  folder: string,
  asker: Asker,
  given: Readonly<Record<string, string>>,
  nameOfUser: (uid: number) => string | undefined = () => undefined,
): Asked {
  const names = readdir(folder, undefined, MOST_NAMES + 1).map(({ name }) => name).sort();
  const asked = names.filter((name) => name.endsWith(".effect"));
  const denied = names.filter((name) => name.endsWith(".denied"));
  if (asked.length > MOST_EFFECTS || names.length > MOST_NAMES) {
    throw refused(asker, `it asked for more than ${MOST_EFFECTS} effects`);
  }
  const inputs = new Set(asked.map(inputOf));
  const odd = names.find((name) => !/\.(effect|denied)$/.test(name) && !inputs.has(name));
  if (odd !== undefined) throw unfinished(asker, odd);
  return {
    effects: readEffects(folder, asked, names, { asker, given, nameOfUser }),
    denied: readDenied(folder, denied),
  };
}

/** The command lines of what a script has asked for until now, as far as they can be read. */
export function waitingIn(folder: string): (readonly string[])[] {
  const names = readdir(folder, undefined, MOST_NAMES).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".effect")).slice(0, MOST_EFFECTS).flatMap((name) => {
    const bytes = readSmallFile(`${folder}/${name}`, LONGEST_RECORD);
    const words = bytes && parseRecord(nameOf(bytes));
    return words ? [words.argv] : [];
  });
}

function inputOf(name: string): string {
  return name.replace(/\.effect$/, ".input");
}

function unfinished(asker: Asker, name: string): DiscoError {
  return refused(asker, `the record "${nameShown(name)}" was not finished`);
}

function readEffects(
  folder: string,
  asked: readonly string[],
  names: readonly string[],
  { asker, given, nameOfUser }: {
    asker: Asker;
    given: Readonly<Record<string, string>>;
    nameOfUser: (uid: number) => string | undefined;
  },
): Effect[] {
  const requireOwn = (stat: Stat, name: string) => requireRoots(stat, name, asker, nameOfUser);
  const left = { bytes: MOST_BYTES, input: MOST_INPUT };
  const known = new Set(names);
  return asked.map((name) => {
    const file = readSmallFileAndStat(`${folder}/${name}`, LONGEST_RECORD);
    if (file === undefined) {
      const most = `a file of at most ${LONGEST_RECORD} bytes`;
      throw refused(asker, `the record "${nameShown(name)}" is not ${most}`);
    }
    requireOwn(file.stat, name);
    const words = parseRecord(nameOf(file.bytes));
    if (words === undefined) throw unfinished(asker, name);
    const { cwd, argv, ifChanged, needs } = words;
    const environment = exported(words.environment, given);
    const why = whyImpossible({ cwd, argv, environment, ifChanged });
    if (why) throw refused(asker, `the record "${nameShown(name)}" cannot be carried out: ${why}`);
    left.bytes -= lengthOf([
      cwd,
      ...argv,
      ...ifChanged,
      ...needs,
      ...Object.entries(environment).flat(),
    ]);
    if (left.bytes < 0) throw refused(asker, `its effects are longer than ${MOST_BYTES} bytes`);
    const hasInput = known.has(inputOf(name));
    const input = hasInput ? readInput(folder, inputOf(name), words, asker, requireOwn) : undefined;
    left.input -= input?.length ?? 0;
    if (left.input < 0) throw refused(asker, `its effects read more than ${MOST_INPUT} bytes`);
    return {
      ...asker,
      cwd,
      argv,
      ...(input?.length ? { input: input.toBase64() } : {}),
      ...(Object.keys(environment).length > 0 ? { environment } : {}),
      ...(ifChanged.length > 0 ? { ifChanged } : {}),
      ...(needs.length > 0 ? { needs } : {}),
    };
  });
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length + 1, 0);
}

function readInput(
  folder: string,
  name: string,
  { argv }: Words,
  asker: Asker,
  requireOwn: (stat: Stat, name: string) => void,
): Uint8Array {
  const file = readSmallFileAndStat(`${folder}/${name}`, LONGEST_INPUT);
  if (file) {
    requireOwn(file.stat, name);
    return file.bytes;
  }
  const line = shortened(commandLine(argv), LONGEST_SHOWN);
  throw refused(
    asker,
    `the standard input of ${line} is not a file of at most ${LONGEST_INPUT} bytes`,
    "put a large input into a file that is merged, and name that file; or do it in post/",
  );
}

/**
 * Throw for a file that another account than the sandbox's root wrote, or could have written: DISCO
 * and the sandbox's root have the same id, with root and without.
 */
function requireRoots(
  { uid, mode, nlink }: Stat,
  name: string,
  asker: Asker,
  nameOfUser: (uid: number) => string | undefined,
): void {
  if (uid !== Deno.uid()) {
    const user = nameOfUser(uid);
    const who = user === undefined ? `uid ${uid}` : `account "${printable(user)}" (uid ${uid})`;
    throw refused(asker, `an effect was asked for by ${who}`, "ask for it as root");
  }
  if (nlink === 1 && (mode & 0o022) === 0) return;
  const why = nlink === 1 ? "other accounts may write to it" : "it has a second name";
  throw refused(asker, `the record "${nameShown(name)}" is not root's alone: ${why}`);
}

function whyImpossible(
  { cwd, argv, environment, ifChanged }: Required<
    Pick<Effect, "cwd" | "argv" | "environment" | "ifChanged">
  >,
): string | undefined {
  if (argv[0] === "") return "its command is empty";
  if (ifChanged.some((glob) => !glob.startsWith("/"))) {
    return "a path of --if-changed is not absolute";
  }
  // The runtime starts programs with words of UTF-8 only.
  const odd = [cwd, ...argv, ...ifChanged, ...Object.entries(environment).flat()]
    .find((word) => !word.isWellFormed());
  if (odd !== undefined) {
    return `${shellWord(shortened(odd, LONGEST_SHOWN))} is not UTF-8: ask for it in post/`;
  }
  const isPlain = cwd.startsWith("/") && !cwd.split("/").some((part) => part === "..");
  return isPlain
    ? undefined
    : `its folder "${nameShown(cwd)}" is not an absolute path without ".."`;
}

function refused(
  { ball, script }: Asker,
  why: string,
  hint = "ask for effects with disco-effect, or the command itself; do more in one script of post/",
): DiscoError {
  return new DiscoError(`Cannot apply ball "${ball}": effects of ${printable(script)}: ${why}`, {
    hint,
  });
}

function nameShown(name: string): string {
  return printable(shortened(name, LONGEST_SHOWN));
}
