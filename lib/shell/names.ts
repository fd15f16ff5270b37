/**
 * What a shell script calls by a name of its own: functions, and variables with a plain value.
 *
 * @module
 */
import { type Command, type List, listOf, simplesIn } from "./script.ts";

/** The names of a script. */
export interface Names {
  readonly functions: ReadonlyMap<string, Command>;
  /** Each value that the text assigns. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

/** What a function or script was called with: `$1` and so on. */
export type Arguments = readonly string[] | undefined;

/** Values of one variable that are followed. */
const MOST_VALUES = 8;
const DECLARING = ["export", "local", "readonly", "declare", "typeset"];

/** The names that a script defines anywhere. */
export function namesOf(script: List): Names {
  const functions = new Map<string, Command>();
  collectFunctions(script, functions);
  const variables = new Map<string, string[]>();
  for (const { words } of simplesIn(script)) {
    for (const [name, value] of [...assignmentsOf(words), ...loopOf(words)]) {
      const values = variables.get(name) ?? [];
      if (values.length < MOST_VALUES && !values.includes(value)) values.push(value);
      variables.set(name, values);
    }
  }
  return { functions, variables };
}

/** The plain assignments of a command that does nothing else. */
function assignmentsOf(words: readonly string[]): [name: string, value: string][] {
  const rest = DECLARING.includes(words[0] ?? "") ? words.slice(1) : words;
  const found = rest.filter((word) => !word.startsWith("-")).map((word) =>
    /\$\(|`/.test(word) ? null : /^(\w+)=(.*)$/s.exec(word)
  );
  if (rest === words && found.some((one) => one === null)) return [];
  return found.flatMap((one) => one ? [[one[1]!, one[2]!]] : []);
}

/** `for x in a b` assigns each. */
function loopOf([keyword, name = "", , ...values]: readonly string[]): [string, string][] {
  if (keyword !== "for" || !/^\w+$/.test(name)) return [];
  return values.filter((value) => !/\$\(|`/.test(value)).map((value) => [name, value]);
}

function collectFunctions(list: List, found: Map<string, Command>): void {
  for (const command of list.flatMap(({ pipeline }) => pipeline)) {
    if (command.kind === "function") {
      found.set(command.name, command.body);
      collectFunctions(listOf(command.body), found);
    } else if (command.kind === "compound") {
      for (const inner of [...command.conditions, ...command.bodies]) {
        collectFunctions(inner, found);
      }
    }
  }
}

/** A word that is an expansion and nothing else: `$x`, `${x}`, `${x[@]}`, `${x:-default}`, `${@:2}`. */
const EXPANSION = /^\$(?:(\w+|[@*])|\{(\w+|[@*])(?:\[[@*]\]|:?-([^}]*)|:(\d+))?\})$/;

/**
 * The words of a command with what is known of its variables; where one has several values, one
 * command for each value of the first word. What is not known stays as it is.
 */
export function expanded(words: readonly string[], names: Names, args: Arguments): string[][] {
  const [first = "", ...more] = words;
  const rest = more.flatMap((word) => {
    const values = valuesOf(word, names, args);
    return values.length === 1 ? splitLike(word, values[0]!) : [word];
  });
  const values = valuesOf(first, names, args);
  if (values.length === 0) return [[first, ...rest]];
  return values.map((value) => [...value.split(/\s+/).filter(Boolean), ...rest]);
}

/** Positional parameters of another word stay whole; lists of them become words. */
function splitLike(word: string, value: string): string[] {
  return /[@*]/.test(word) ? value.split(/\s+/).filter(Boolean) : [value];
}

function valuesOf(word: string, { variables }: Names, args: Arguments): readonly string[] {
  const [, plain, braced, fallback, from] = EXPANSION.exec(word) ?? [];
  const name = plain ?? braced;
  if (name === undefined) return [];
  if (name === "@" || name === "*") {
    return args ? [args.slice(Math.max(0, Number(from ?? 1) - 1)).join(" ")] : [];
  }
  if (/^\d+$/.test(name)) {
    const value = args?.[Number(name) - 1] ?? fallback;
    return value === undefined ? [] : [value];
  }
  return variables.get(name) ?? (fallback === undefined ? [] : [fallback]);
}

/** Texts that a word can become. */
const MOST_TEXTS = 16;

/** A word with its variables replaced; without those of which nothing is known. */
export function textsOf(word: string, { variables }: Names): string[] {
  let texts = [word];
  for (let depth = 0; depth < 3 && texts.some((text) => VARIABLE.test(text)); depth++) {
    texts = texts.flatMap((text) => {
      const [whole = "", plain, braced, fallback] = VARIABLE.exec(text) ?? [];
      if (whole === "") return [text];
      const values = variables.get(plain ?? braced ?? "") ??
        (fallback === undefined ? [] : [fallback]);
      return values.map((value) => text.replaceAll(whole, () => value));
    }).slice(0, MOST_TEXTS);
  }
  return texts.filter((text) => !VARIABLE.test(text));
}

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}$]*))?\})/;
