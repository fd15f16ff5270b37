/**
 * Paths that a script looks at by name: what it tests, reads, lists or copies.
 *
 * @module
 */
import { commandName } from "./command_name.ts";
import { type Names, namesOf, textsOf } from "./names.ts";
import { parseScript } from "./parse.ts";
import { type List, type Simple, simplesIn } from "./script.ts";
import { scriptsIn, wrapped } from "./wrappers.ts";

/** Commands whose words are paths that have to be there for an answer. */
const LOOKING = [
  ...["[", "[[", "test", "cat", "head", "tail", "stat", "ls", "cp", "grep", "source", ".", "wc"],
  ...["readlink", "realpath", "find", "file", "for", "awk", "gawk", "mawk", "sed", "cut", "sort"],
  ...["egrep", "fgrep", "diff", "cmp", "jq", "tac", "du", "md5sum", "sha256sum"],
];
/** Languages whose programs stand in a word. */
const WITH_PROGRAM = /^(perl|python[\d.]*|ruby|php|node|[gm]?awk)$/;
/** A path, perhaps with wildcards. */
const PATH = /^\/[\w@.+\/*?[\]-]+$/;
/** A path in a substitution: `$(cat /run/x.pid)`, `$(</run/x.pid)`. */
const INSIDE = /(?:^|[\s<])(\/[\w@.+\/*?[\]-]+)/g;
/** A path that is a string of its own, and not one that is written. */
const STRING = /(["'])(\/[\w@.+\/*?-]+)\1(?!\s*,\s*["'][wax+>])/g;
/** Scripts in scripts that are followed. */
const DEEPEST = 3;

/** The absolute paths that a shell script looks at, each once; they can have wildcards. */
export function lookedAt(script: string): string[] {
  const list = parseScript(script);
  const names = namesOf(list);
  const found = new Set<string>();
  collect(list, names, found, 0);
  // What it has written itself it finds.
  const written = [...simplesIn(list)].flatMap(({ writesTo }) =>
    writesTo ? textsOf(writesTo, names) : []
  );
  return [...found.difference(new Set(written))];
}

/** The absolute paths that stand in a script of another language as strings. */
export function stringsOf(script: string): string[] {
  const lines = script.split("\n").filter((line) => !/^\s*(#|\/\/)/.test(line));
  return [...new Set(lines.flatMap(quotedIn))];
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(STRING)].map(([, , path]) => path!);
}

function collect(list: List, names: Names, found: Set<string>, depth: number): void {
  if (depth > DEEPEST) return;
  for (const command of simplesIn(list)) {
    for (const path of pathsOf(command, names)) found.add(path);
    for (const script of scriptsIn(command.words)) {
      collect(parseScript(script), names, found, depth + 1);
    }
  }
}

function pathsOf({ words, readsFrom }: Simple, names: Names): string[] {
  const line = wrapped(words);
  const name = commandName(line[0] ?? "");
  const expanded = line.slice(1).flatMap((word) => textsOf(word, names));
  const plain = LOOKING.includes(name) ? expanded.filter((word) => PATH.test(word)) : [];
  const substituted = words.filter((word) => /\$\(|`/.test(word))
    .flatMap((word) => [word, ...textsOf(word, names)])
    .flatMap((word) => [...word.matchAll(INSIDE)].map(([, path]) => path!));
  const program = WITH_PROGRAM.test(name) ? line.slice(1).flatMap(quotedIn) : [];
  const read = readsFrom === undefined
    ? []
    : textsOf(readsFrom, names).filter((one) => PATH.test(one));
  return [
    ...(name === "find" ? foundBelow(plain, line) : name === "ls" ? listed(plain, line) : plain),
    ...substituted,
    ...program,
    ...read,
  ];
}

/** What `ls` lists is what is in a folder. */
function listed(paths: readonly string[], words: readonly string[]): string[] {
  const isItself = words.some((word) => /^-\w*d/.test(word) || word === "--directory");
  return paths.flatMap((path) => isItself ? [path] : [path, `${path.replace(/\/+$/, "")}/*`]);
}

/** What `find` finds is below a folder, two levels of which are looked at. */
function foundBelow(paths: readonly string[], words: readonly string[]): string[] {
  if (words[words.indexOf("-type") + 1] === "d") return [];
  const at = words.findIndex((word) => /^-i?name$/.test(word));
  const name = at < 0 ? "*" : words[at + 1] ?? "*";
  return paths.filter((path) => path !== name).flatMap((path) => {
    const folder = path.replace(/\/+$/, "");
    return [path, `${folder}/${name}`, `${folder}/*/${name}`];
  });
}
