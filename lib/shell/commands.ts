/**
 * The simple commands of a shell script, as far as they can be told apart without running it.
 *
 * @module
 */
import { parseScript, type Simple, simplesIn } from "./parse.ts";

/** The simple commands of a script that have words, in the order in which they are written. */
export function commandsOf(script: string): Simple[] {
  return [...simplesIn(parseScript(script))].filter(({ words }) => words.length > 0);
}
