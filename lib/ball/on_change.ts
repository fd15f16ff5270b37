/**
 * Lines that say what to run when a path changes: those of reactions, and of checks.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { INIT_PLACES } from "../init/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";
import { refuseMany } from "./lines.ts";

/** A line `PATH-GLOB [if=WHERE]... [unless=PATH-GLOB]... [warn] COMMAND...`. */
export interface OnChange {
  /** Absolute, see `glob.ts`. */
  readonly glob: string;
  /** What must be there: an absolute path, or one of {@linkcode PLACES}. */
  readonly needs: readonly string[];
  /** Globs of paths with whose change the command is not needed. */
  readonly unless: readonly string[];
  /** Of a check: its failure is a warning. */
  readonly warns: boolean;
  /** Words may be {@linkcode PLACEHOLDERS}. */
  readonly argv: readonly string[];
  /** For messages: `shipped/10-systemd.conf`, `web/reactions`. */
  readonly file: string;
  readonly line: number;
}

/** What `if=` can name besides a path: what runs on the live system. */
export const PLACES: readonly string[] = [...INIT_PLACES.keys(), "udev", "kernel"];

/** Words that stand for what has changed: each path, all of them, all of their names. */
export const PLACEHOLDERS: readonly string[] = ["{path}", "{paths}", "{names}"];

/** Characters of a line that an error shows, and of a line. */
const LONGEST_SHOWN = 200;
const LONGEST = 8192;
const MOST_WORDS = 200;
const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/**
 * Parse lines; `#` begins a comment line. Words are separated by white space, which quotes and the
 * backslash keep, and nothing is expanded. Throws a {@linkcode DiscoError} that names file and line.
 *
 * @param kind What the lines are; only checks can begin with `warn`.
 */
export function parseOnChange(
  text: string,
  file: string,
  kind = "reactions",
): OnChange[] {
  const lines = text.split("\n").map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => !/^\s*(#|$)/.test(content));
  refuseMany(lines.length, file);
  return lines.map(({ content, line }) => {
    const fail = (why: string, hint = HINT): never => {
      throw new DiscoError(`Cannot parse "${printable(file)}", line ${line}: ${why}`, { hint });
    };
    if (content.length > LONGEST) fail(`it has more than ${LONGEST} characters`);
    if (content.endsWith("\r")) {
      fail("it ends with a carriage return", "it has CRLF line ends: convert it with dos2unix");
    }
    if (CONTROL.test(content)) fail("it holds a control character");
    return { ...parseLine(content.trim(), kind, fail), file, line };
  });
}

const HINT = 'a line is "PATH-GLOB COMMAND...", such as: /etc/nginx/** systemctl reload nginx';

type Fail = (why: string, hint?: string) => never;

function parseLine(
  content: string,
  kind: string,
  fail: Fail,
): Omit<OnChange, "file" | "line"> {
  // A backslash in a glob is the glob's own.
  const [first = ""] = /^\S+/.exec(content) ?? [];
  const glob = parseGlob(first, fail);
  const words = wordsOf(content.slice(first.length), fail);
  const needs: string[] = [];
  const unless: string[] = [];
  let warns = false;
  let at = 0;
  for (; at < words.length; at++) {
    const [, option, value = ""] = /^(if|unless)=(.*)$/s.exec(words[at]!) ?? [];
    if (option === "if") needs.push(parseNeed(value, fail));
    else if (option === "unless") unless.push(parseGlob(value, fail));
    else if (kind === "checks" && words[at] === "warn") warns = true;
    else break;
  }
  const argv = words.slice(at);
  if (argv.length === 0) fail("expected a command after the path");
  const part = argv.find((word) =>
    !PLACEHOLDERS.includes(word) && PLACEHOLDERS.some((place) => word.includes(place))
  );
  if (part !== undefined) {
    fail(
      `the placeholder in "${shortened(printable(part), LONGEST_SHOWN)}" must be a word of its own`,
      `${PLACEHOLDERS.join(", ")} stand alone; for more: sh -c 'program --file="$1"' sh {path}`,
    );
  }
  if (argv[0] === "" || PLACEHOLDERS.includes(argv[0]!)) fail("its command has no name");
  return { glob, needs, unless, warns, argv };
}

function parseNeed(value: string, fail: Fail): string {
  if (PLACES.includes(value) || /^\/./.test(value)) return value;
  const shown = shortened(printable(value), LONGEST_SHOWN);
  return fail(
    `cannot use "if=${shown}"`,
    `it takes an absolute path, or one of ${PLACES.join(", ")}`,
  );
}

/** Without doubled slashes, and without one at its end. */
function parseGlob(text: string, fail: Fail): string {
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  if (text.startsWith("/") && !parts.includes("..")) return `/${parts.join("/")}`;
  const shown = shortened(printable(text), LONGEST_SHOWN);
  return fail(`expected an absolute path without "..", found "${shown}"`);
}

function wordsOf(text: string, fail: Fail): string[] {
  const words = text.match(WORD) ?? [];
  if (text.replaceAll(WORD, "").trim() !== "") fail("a quote is not closed");
  if (words.length > MOST_WORDS) fail(`it has more than ${MOST_WORDS} words`);
  if (words.some((word) => word.startsWith("#"))) {
    fail('a word begins with "#"', "a comment stands on a line of its own; else put it in quotes");
  }
  return words.map(unquoted);
}

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single, double, escaped) => single ?? double?.replaceAll(/\\(.)/gs, "$1") ?? escaped,
  );
}
