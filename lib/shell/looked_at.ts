/**
 * Paths that a shell script looks at by name: what it tests, reads, lists or copies.
 *
 * @module
 */
import { commandsOf } from "./commands.ts";

/** Commands whose words are paths that have to be there for an answer. */
const LOOKING = [
  ...["[", "[[", "test", "cat", "head", "tail", "stat", "ls", "cp", "grep", "source", ".", "wc"],
  ...["readlink", "realpath", "find", "file"],
];
/** A path in a substitution: `$(cat /run/x.pid)`, `$(</run/x.pid)`. */
const INSIDE = /(?:^|[\s<])(\/[\w@.+\/-]+)/g;

/** The absolute paths without wildcards that a script looks at, each once. */
export function lookedAt(script: string): string[] {
  const found = new Set<string>();
  for (const { words } of commandsOf(script)) {
    const isLooking = LOOKING.includes(words[0]!.slice(words[0]!.lastIndexOf("/") + 1));
    for (const word of words.slice(1)) {
      if (isLooking && /^\/[\w@.+\/-]+$/.test(word)) found.add(word);
    }
    for (const word of words) {
      if (!/\$\(|`/.test(word)) continue;
      for (const [, path] of word.matchAll(INSIDE)) found.add(path!);
    }
  }
  return [...found];
}
