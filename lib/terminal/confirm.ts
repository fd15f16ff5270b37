/**
 * Questions to a person.
 *
 * @module
 */

import { DiscoError } from "../error/mod.ts";
import { ask } from "./mod.ts";

/** Ask for yes or no; without a terminal the answer is no. dax is slow to load: only now. */
export async function confirm(question: string): Promise<boolean> {
  if (!Deno.stdin.isTerminal()) return false;
  const { default: $ } = await import("dax");
  return await $.confirm(question, { default: false });
}

/**
 * Ask for one of some words, by a letter or the whole word, until one is given; the end of input is
 * an error.
 */
export async function choose<T extends string>(
  question: string,
  words: readonly T[],
  letters: Readonly<Record<string, T>>,
): Promise<T> {
  for (;;) {
    ask(question);
    const line = await readLine();
    if (line === undefined) throw new DiscoError("Cannot go on: nobody answers");
    const word = line.trim().toLowerCase();
    const found = words.find((one) => one === word) ??
      (Object.hasOwn(letters, word) ? letters[word] : undefined);
    if (found !== undefined) return found;
  }
}

/** One line from standard input, a byte at a time: the rest is for the next question. */
async function readLine(): Promise<string | undefined> {
  const bytes: number[] = [];
  const one = new Uint8Array(1);
  while (bytes.length < 1000) {
    const n = await Deno.stdin.read(one);
    if (n === null && bytes.length === 0) return undefined;
    if (n === null || one[0] === 10 || one[0] === 13) break;
    bytes.push(one[0]!);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
