/**
 * Command lines.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { COMMON_OPTIONS } from "./common.ts";
import { nearest } from "./nearest.ts";
import type { CommandRow, OptionRow } from "./row.ts";

/** The options as they were given; environment variables are not looked at yet. */
export interface Options {
  /** The flags that were given, without hyphens. */
  readonly flags: ReadonlySet<string>;
  /** The options with one value. */
  readonly values: ReadonlyMap<string, string>;
  /** The options that can be given more than once. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** What is not an option. */
  readonly words: readonly string[];
  /** The command behind `--`, for commands that take one. */
  readonly rest: readonly string[];
}

/** What of a command its parser needs. */
export type Spec = Pick<CommandRow, "words" | "options" | "rest">;

/**
 * Parse a command line. An unknown option, a value that is missing or none of its choices, or a word
 * too many is a {@linkcode DiscoError} with code 3. Options end at `--`.
 */
export function parseOptions(argv: readonly string[], spec: Spec = {}): Options {
  const { own, rest } = spec.rest === undefined ? { own: argv, rest: [] } : splitRest(argv);
  const rows = [...spec.options ?? [], ...COMMON_OPTIONS];
  const flags = namesOf(rows, (row) => row.value === undefined);
  const values = namesOf(rows, (row) => row.value !== undefined && !row.isMany);
  const lists = namesOf(rows, (row) => row.isMany === true);
  const short = rows.flatMap(({ name, short }) => short === undefined ? [] : [[name, short]]);
  refuseFlagValues(own, flags);
  const parsed = parseArgs(own, {
    boolean: flags,
    string: [...values, ...lists, "_"],
    collect: lists,
    alias: Object.fromEntries(short),
    unknown: (arg: string, key?: string) => {
      if (key !== undefined) throw unknownOption(arg, rows);
    },
  }) as Record<string, unknown> & { _: (string | number)[] };
  const given = (name: string) => parsed[name] as string | undefined;
  const words = parsed._.map(String);
  const most = spec.words?.at(-1)?.isMany ? Infinity : spec.words?.length ?? 0;
  refuseWord(words[most], flags);
  for (const name of values) {
    if (given(name) === "") throw usageError(`Option "--${name}" needs a value`);
  }
  for (const row of rows) requireChoice(row, given(row.name));
  return {
    flags: new Set(flags.filter((name) => parsed[name] === true)),
    values: new Map(
      values.flatMap((name) => given(name) === undefined ? [] : [[name, given(name)!]]),
    ),
    lists: new Map(lists.map((name) => [name, (parsed[name] ?? []) as string[]])),
    words,
    rest,
  };
}

/** Without `--` all is the command, unless only help is asked for. */
function splitRest(argv: readonly string[]): { own: readonly string[]; rest: readonly string[] } {
  const end = argv.indexOf("--");
  if (end >= 0) return { own: argv.slice(0, end), rest: argv.slice(end + 1) };
  return argv[0]?.startsWith("-") ? { own: argv, rest: [] } : { own: [], rest: argv };
}

/** `--allow-removals=no` must not mean yes. */
function refuseFlagValues(argv: readonly string[], flags: readonly string[]): void {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  for (const word of own) {
    const [, name = ""] = /^--([^=]+)=/.exec(word) ?? [];
    if (flags.includes(name)) throw usageError(`Option "--${name}" takes no value`);
  }
}

function namesOf(rows: readonly OptionRow[], isMeant: (row: OptionRow) => boolean): string[] {
  return rows.filter(isMeant).map(({ name }) => name);
}

function requireChoice({ name, choices }: OptionRow, text: string | undefined): void {
  if (!choices || text === undefined || choices.includes(text)) return;
  const [last, ...others] = choices.toReversed();
  throw usageError(
    `"--${name}" is ${others.reverse().join(", ")} or ${last}, not "${printable(text)}"`,
  );
}

function unknownOption(arg: string, rows: readonly OptionRow[]): DiscoError {
  const near = nearest(arg.replace(/^-+/, "").replace(/=.*/s, ""), namesOf(rows, () => true));
  return new DiscoError(`Unknown option "${printable(arg)}"`, {
    code: 3,
    hint: near ? `did you mean "--${near}"? See --help` : "see --help",
  });
}

/** A word too many may be an option without its hyphens: `disco dance noop` must not dance live. */
function refuseWord(word: string | undefined, flags: readonly string[]): void {
  if (word === undefined) return;
  throw new DiscoError(`Unexpected word ${JSON.stringify(printable(word))}`, {
    code: 3,
    hint: flags.includes(word) ? `did you mean "--${word}"?` : "see --help",
  });
}

/** A command line that cannot be understood. */
export function usageError(message: string): DiscoError {
  return new DiscoError(message, { code: 3, hint: "see --help" });
}
