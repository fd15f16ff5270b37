/**
 * Scripts of Perl, Python, Ruby and PHP whose way depends on the exit code of an effect: the forms that
 * can be told line by line. Ending with the failure (`or die`, `check=True`) decides nothing that is lost.
 *
 * @module
 */
import { commandName } from "../shell/command_name.ts";
import { type Decision, LOOKED_AT, WAITS } from "./decision.ts";

/** Lines that one call can take. */
const LONGEST_CALL = 20;
/** Functions that return an exit code, or something that has one. */
const CALL =
  /\b(?:os\.system|subprocess\.(?:call|run|Popen|getstatusoutput)|system|qx|Open3\.\w+|run|call)\b\s*[({\s]/;
/** What ends a script, and what only speaks. */
const ENDS = /^\s*\(?\s*(?:die|croak|confess|exit|sys\.exit|raise|abort)\b/;
const SPEAKS = /^\s*\(?\s*(?:warn|print|puts|echo|STDERR|logging|logger|sys\.stderr)\b/;

/** The first place where a script that is not for a shell decides by one of its effects. */
export function decidedElsewhere(
  script: string,
  effects: readonly (readonly string[])[],
): Decision | undefined {
  const lines = script.split("\n");
  for (const [i, line] of lines.entries()) {
    if (!CALL.test(line) || /^\s*(#|\/\/)/.test(line)) continue;
    const call = callFrom(lines, i);
    const effect = effects.find((argv) => isIn(call, argv));
    const how = effect && howItDecides(call, lines, i + call.split("\n").length);
    if (effect && how !== undefined) return { what: effect.join(" "), line: i + 1, how };
  }
  return undefined;
}

/** A statement from its first line to the one that closes its brackets. */
function callFrom(lines: readonly string[], from: number): string {
  let depth = 0;
  for (let i = from; i < Math.min(lines.length, from + LONGEST_CALL); i++) {
    const text = lines[i]!.replace(/\{\s*$/, "");
    depth += count(text, /[([]/g) - count(text, /[)\]]/g);
    if (depth <= 0) return lines.slice(from, i + 1).join("\n");
  }
  return lines[from]!;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Whether a statement names an effect: its command, and what it is told first, as words of a string. */
function isIn(call: string, [command = "", ...args]: readonly string[]): boolean {
  const words = call.split(/[\s"'`,()[\]{}/;]+/);
  const told = args.find((word) => !word.startsWith("-"));
  return words.includes(commandName(command)) && (told === undefined || words.includes(told));
}

function howItDecides(call: string, lines: readonly string[], next: number): string | undefined {
  const [before = ""] = call.split(CALL, 1);
  if (/^\s*(?:\}\s*)?(?:if|elsif|elif|unless|while|until|assert)\b/.test(before)) {
    const behind = lines[next]?.trim() === "{" ? next + 1 : next;
    return isEnding(lines, behind) && !/\bif\b.*==\s*0/.test(call) ? undefined : WAITS;
  }
  if (/\)\s*\.(returncode|wait\(|success\?)/.test(call)) return LOOKED_AT;
  const [, behind] = /\)\s*(?:[!=]=\s*\d+\s*)?(?:\bor\b|\band\b|\|\||&&|\?)(.*)$/.exec(call) ?? [];
  if (behind !== undefined && !ENDS.test(behind) && !SPEAKS.test(behind)) return LOOKED_AT;
  const [, name] = /^\s*(?:my\s+|our\s+|\$?\s*)*([\w]+)\s*=(?![=~])/.exec(before) ?? [];
  const rest = lines.slice(next);
  if (name) return isAsked(name, rest) ? LOOKED_AT : undefined;
  const following = rest.find((line) => line.trim() !== "" && !/^\s*#/.test(line)) ?? "";
  return /\$\?|\$CHILD_ERROR/.test(following) && !/\b(die|exit)\b/.test(following)
    ? LOOKED_AT
    : undefined;
}

/** Whether what a variable holds is compared or tested later, but to end with it. */
function isAsked(name: string, lines: readonly string[]): boolean {
  const asks = new RegExp(
    `\\b(?:if|elsif|elif|unless|while|until|case|match)\\b.*\\b${name}\\b|` +
      `\\b${name}(?:\\.(?:returncode|wait\\(|poll\\(|success\\?)|\\s*(?:[!=]=|<|>|\\?))`,
  );
  return lines.some((line, i) =>
    asks.test(line) && !/\b(?:die|exit|raise|abort)\b/.test(line) && !isEnding(lines, i + 1)
  );
}

/** Whether the script ends here, perhaps with a word before it. */
function isEnding(lines: readonly string[], at: number): boolean {
  let i = at;
  while (i < at + 3 && SPEAKS.test(lines[i] ?? "")) i++;
  return ENDS.test(lines[i] ?? "");
}
