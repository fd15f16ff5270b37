/**
 * Traps of a shell script that would have seen an effect's failure.
 *
 * @module
 */
import { expanded } from "../shell/names.ts";
import { parseScript } from "../shell/parse.ts";
import { type List, listOf, type Simple, simplesIn } from "../shell/script.ts";
import { type ExitStatus, isErrexit } from "./exit_status.ts";
import { isDecidedByVariable } from "./looked_at_later.ts";
import { missedIn, type Missing } from "./missed.ts";

/** How a trap decides by the failure of an effect that nothing catches; undefined if none does. */
export function decidedByTrap(
  script: List,
  missing: Missing,
  status: ExitStatus,
  hasErrexit: boolean,
): string | undefined {
  const simples = [...simplesIn(script)];
  // With it the script fails, and its ball: what the trap writes is not merged.
  const isEnding = hasErrexit || simples.some(isErrexit);
  for (const command of simples.filter(({ words }) => words[0] === "trap")) {
    const [, code = "", ...signals] = command.words;
    const list = codeOf({ ...command, words: [code] }, missing);
    if (signals.includes("ERR") && !isEnding && missedIn(list, missing)) {
      return "a trap of ERR is for its failure";
    }
    const isSeen = isEnding || status.ofList(script, undefined, true) !== undefined;
    if (signals.some((one) => /^(EXIT|0)$/.test(one)) && isSeen && asksForCode(list, missing)) {
      return "a trap of EXIT looks at its exit code";
    }
  }
  return undefined;
}

/** The commands of a trap; if that is a function, its own. */
function codeOf({ words: [code = ""] }: Simple, { names }: Missing): List {
  const text = expanded([code], names, undefined)[0]!.join(" ");
  const body = names.functions.get(text.trim().split(/\s/)[0]!);
  return body ? listOf(body) : parseScript(text);
}

/** Cleaning up after a failure is not missed. */
function asksForCode(list: List, missing: Missing): boolean {
  const about = { ...missing, apart: ["rm", "rmdir"] };
  const names = [...simplesIn(list)].flatMap(({ words }) =>
    words.flatMap((word) => /^(\w+)=\$(\?|\{\?\})$/.exec(word)?.[1] ?? [])
  );
  return ["?", ...names].some((name) => isDecidedByVariable(list, name, about));
}
