/**
 * What a shell script is made of: lists of pipelines, and the compound commands that hold further
 * lists.
 *
 * @module
 */

/** Pipelines in the order in which they are written. */
export type List = readonly Item[];

/** A pipeline, and what stands behind it. */
export interface Item {
  readonly pipeline: readonly Command[];
  /** `!` stands in front. */
  readonly isNegated: boolean;
  /** `;`, `&`, `&&`, `||`, or what ends the list. */
  readonly next: string;
}

/** One part of a pipeline. */
export type Command = Simple | Compound | FunctionDefinition;

/** A simple command. */
export interface Simple {
  readonly kind: "simple";
  /** Its words without quotes; what is expanded stands as it is written. */
  readonly words: readonly string[];
  /** Counted from 1. */
  readonly line: number;
  /** It writes to a file: the target of `>` or `>>`, unless that is a terminal or a descriptor. */
  readonly writesTo?: string;
  /** The file behind `<`. */
  readonly readsFrom?: string;
}

/** A command made of lists. */
export interface Compound extends Omit<Simple, "kind"> {
  readonly kind: "compound";
  /** How it begins: `if`, `while`, `until`, `for`, `select`, `case`, `{`, `(`. */
  readonly keyword: string;
  /** What stands behind `case` or `for`. */
  readonly words: readonly string[];
  /** What `if`, `elif`, `while` and `until` wait for. */
  readonly conditions: readonly List[];
  readonly bodies: readonly List[];
}

/** The definition of a function. */
export interface FunctionDefinition {
  readonly kind: "function";
  readonly name: string;
  readonly body: Command;
  readonly line: number;
}

/** A command as a list of its own. */
export function listOf(command: Command): List {
  return [{ pipeline: [command], isNegated: false, next: ";" }];
}

/** All simple commands of a list, in the order in which they are written. */
export function* simplesIn(list: List): Generator<Simple> {
  for (const { pipeline } of list) {
    for (const command of pipeline) yield* simplesOf(command);
  }
}

/** All simple commands of a command, and what `case` and `for` have in front as such. */
function* simplesOf(command: Command): Generator<Simple> {
  if (command.kind === "simple") yield command;
  else if (command.kind === "function") yield* simplesOf(command.body);
  else {
    const { keyword, words, line, readsFrom } = command;
    if (words.length > 0) yield { kind: "simple", words: [keyword, ...words], line };
    for (const list of inOrder(command)) yield* simplesIn(list);
    if (readsFrom !== undefined) yield { kind: "simple", words: [], line, readsFrom };
  }
}

function* inOrder({ conditions, bodies }: Compound): Generator<List> {
  for (let i = 0; i < Math.max(conditions.length, bodies.length); i++) {
    if (conditions[i]) yield conditions[i]!;
    if (bodies[i]) yield bodies[i]!;
  }
}
