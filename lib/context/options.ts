/**
 * The options that every command understands.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";

/** Options of a command beyond the common ones. */
export interface OptionSpec {
  /** Flags, such as `dot`. */
  readonly flags?: readonly string[];
  /** Options with a value, such as `format`. */
  readonly values?: readonly string[];
  /** Options with a value that may be given more than once, such as `only`. */
  readonly lists?: readonly string[];
  /** How many words there may be besides; none if not given. */
  readonly words?: number;
}

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
}

const FLAGS = ["noop", "restricted", "json", "quiet", "verbose", "help"] as const;
const VALUES = ["server", "node", "root", "state"] as const;

/** One line an option, for `--help`. */
export const COMMON_HELP =
  `  --server URI   universe: a path, rsync://host/module, host::module, user@host:/path, or embedded
  --node NAME    the node's name (default: hostname -f)
  --noop         show what would change, merge nothing (also NOOP=1)
  --restricted   strict mode: scripts run under bash --restricted, with allowed commands only
  --root DIR     configure the tree in DIR instead of /
  --state DIR    keep DISCO's own files below DIR (etc/disco, var/disco, run/disco)
  --json         one JSON document on standard output
  --quiet        outcome, warnings and errors only
  --verbose      details too
  --help         this text`;

/**
 * Parse a command line. An unknown option, a value that is missing, or a word too many is a {@linkcode DiscoError}
 * with code 3. Options end at `--`.
 */
export function parseOptions(argv: readonly string[], spec: OptionSpec = {}): Options {
  const flags = [...FLAGS, ...(spec.flags ?? [])];
  const values = [...VALUES, ...(spec.values ?? [])];
  const lists = spec.lists ?? [];
  refuseFlagValues(argv, flags);
  const parsed = parseArgs(argv, {
    boolean: flags,
    string: [...values, ...lists, "_"],
    collect: [...lists],
    alias: { noop: "n", verbose: "v", quiet: "q", help: "h" },
    unknown: (arg: string, key?: string) => {
      if (key !== undefined) throw usageError(`Unknown option "${arg}"`);
    },
  }) as Record<string, unknown> & { _: (string | number)[] };
  const given = (name: string) => parsed[name] as string | undefined;
  const words = parsed._.map(String);
  refuseWords(words.slice(spec.words ?? 0), flags);
  for (const name of values) {
    if (given(name) === "") throw usageError(`Option "--${name}" needs a value`);
  }
  return {
    flags: new Set(flags.filter((name) => parsed[name] === true)),
    values: new Map(
      values.flatMap((name) => given(name) === undefined ? [] : [[name, given(name)!]]),
    ),
    lists: new Map(lists.map((name) => [name, (parsed[name] ?? []) as string[]])),
    words,
  };
}

/** `--allow-removals=no` must not mean yes. */
function refuseFlagValues(argv: readonly string[], flags: readonly string[]): void {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  for (const word of own) {
    const [, name = ""] = /^--([^=]+)=/.exec(word) ?? [];
    if (flags.includes(name)) throw usageError(`Option "--${name}" takes no value`);
  }
}

/** A word too many may be an option without its hyphens: `disco dance noop` must not dance live. */
function refuseWords([word]: readonly string[], flags: readonly string[]): void {
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
