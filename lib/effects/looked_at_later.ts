/**
 * Whether a script does something depending on a variable, or on `$?`.
 *
 * @module
 */
import { type Command, type List, listOf, simplesIn } from "../shell/script.ts";
import { missedIn, missedOf, type Missing } from "./missed.ts";

/** Whether something that would be missed depends on a variable, in a list or those inside of it. */
export function isDecidedByVariable(list: List, name: string, about: Missing): boolean {
  const pattern = name === "?"
    ? /\$\?|\$\{\?\}/
    : new RegExp(`\\$\\{?${name}\\b|^\\(\\(.*\\b${name}\\b`);
  const has = (words: readonly string[]) => words.some((word) => pattern.test(word));
  const isIn = (command: Command, i: number, all: List): boolean => {
    if (command.kind === "function") {
      return isDecidedByVariable(listOf(command.body), name, about);
    }
    if (command.kind === "compound") {
      const asks = [...command.conditions].some((one) =>
        [...simplesIn(one)].some(({ words }) => has(words))
      );
      if ((asks || has(command.words)) && command.bodies.some((one) => missedIn(one, about))) {
        return true;
      }
      return [...command.conditions, ...command.bodies].some((one) =>
        isDecidedByVariable(one, name, about)
      );
    }
    const { words } = command;
    if (!has(words) || /^(exit|return)$/.test(words[0] ?? "")) return false;
    if (missedOf(command, about) !== undefined) return true;
    // What follows in its and-or list waits for it.
    if (!/^(\[\[?|test|let|\(\(.*)$/s.test(words[0]!)) return false;
    for (let at = i; all[at]?.next === "&&" || all[at]?.next === "||"; at++) {
      if (all[at + 1]?.pipeline.some((one) => missedOf(one, about))) return true;
    }
    return false;
  };
  return list.some(({ pipeline }, i) => pipeline.some((command) => isIn(command, i, list)));
}
