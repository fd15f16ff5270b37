/**
 * Files that a shell script writes itself without taking care of a failure.
 *
 * @module
 */
import { type Names, namesOf, textsOf } from "./names.ts";
import { parseScript } from "./parse.ts";
import { type Command, type List, simplesIn } from "./script.ts";
import { wrapped } from "./wrappers.ts";

/** A file that is written. */
export interface Write {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What is written by `>` and `tee` where neither `||` nor a condition stands behind. */
export function uncaughtWrites(script: string): Write[] {
  const list = parseScript(script);
  const names = namesOf(list);
  const caught = new Set<string>();
  return writesIn(list, names, false, caught)
    .filter(({ inFunction }) => inFunction === undefined || !caught.has(inFunction));
}

interface Found extends Write {
  readonly inFunction?: string;
}

/** `caught` gets the names of what is called where a failure is taken care of. */
function writesIn(list: List, names: Names, isCaught: boolean, caught: Set<string>): Found[] {
  return list.flatMap(({ pipeline, isNegated }, i) => {
    let end = i;
    while (list[end]?.next === "&&") end++;
    const isHere = isCaught || isNegated || list[end]?.next === "||";
    if (isHere) { for (const { words } of simplesIn([list[i]!])) caught.add(words[0] ?? ""); }
    return pipeline.flatMap((command) => writesOf(command, names, isHere, caught));
  });
}

function writesOf(command: Command, names: Names, isCaught: boolean, caught: Set<string>): Found[] {
  if (command.kind === "function") {
    return writesOf(command.body, names, isCaught, caught)
      .map((one) => ({ inFunction: command.name, ...one }));
  }
  const [name, ...files] = command.kind === "simple" ? wrapped(command.words) : [];
  const paths = [...(command.writesTo ? [command.writesTo] : []), ...(name === "tee" ? files : [])];
  const own = isCaught ? [] : paths.flatMap((path) => textsOf(path, names))
    .map((path) => ({ path, line: command.line }));
  if (command.kind === "simple") return own;
  return [
    ...own,
    ...command.conditions.flatMap((one) => writesIn(one, names, true, caught)),
    ...command.bodies.flatMap((one) => writesIn(one, names, isCaught, caught)),
  ];
}
