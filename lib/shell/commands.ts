/**
 * The simple commands of a shell script, as far as they can be told apart without running it: what
 * stands before and behind each, and whether a condition waits for it.
 *
 * @module
 */
import { tokensOf } from "./tokens.ts";

/** One simple command of a script. */
export interface ShellCommand {
  /** Its words without quotes; what is expanded stands as it is written. */
  readonly words: readonly string[];
  /** Counted from 1. */
  readonly line: number;
  /** It stands between `if`, `elif`, `while` or `until` and `then` or `do`, or behind `!`. */
  readonly isCondition: boolean;
  /** It writes to a file: the target of `>` or `>>`, unless that is /dev/null or a descriptor. */
  readonly writesTo?: string;
  /** What stands behind it, or behind its pipeline: `;`, `&&`, `||`, `)`, or the end of a line. */
  readonly next: string;
}

const CONDITION = ["if", "elif", "while", "until"];
/** Words behind which no condition goes on; `esac` and `;;`, because patterns of `case` can be any word. */
const BODY = ["then", "do", "fi", "done", "esac"];
/** Words at which another command may begin. */
const KEYWORDS = [...CONDITION, ...BODY, "else", "{", "}", "!", "time"];
const REDIRECTION = /^\d*(>>?\|?|<|<>|>&|<&|&>>?|<<<)$/;

/** The simple commands of a script, in the order in which they are written. */
export function commandsOf(script: string): ShellCommand[] {
  const found: ShellCommand[] = [];
  let isInCondition = false;
  let isNegated = false;
  let words: string[] = [];
  let line = 0;
  let writesTo: string | undefined;
  const end = (next: string) => {
    if (words.length > 0) {
      const isCondition = isInCondition || isNegated;
      found.push({
        words,
        line,
        isCondition,
        next,
        ...(writesTo === undefined ? {} : { writesTo }),
      });
    }
    [words, writesTo, isNegated] = [[], undefined, isNegated && next === "|"];
  };
  const tokens = tokensOf(script);
  for (let i = 0; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!;
    if (kind === "operator" && REDIRECTION.test(text)) {
      const target = tokens[++i]?.text ?? "";
      if (/>/.test(text) && !isNowhere(text, target)) writesTo = target;
    } else if (kind === "operator") {
      end(text);
      if (/^;;?&?$/.test(text) && text !== ";") isInCondition = false;
    } else if (words.length === 0 && kind === "word" && KEYWORDS.includes(text)) {
      if (CONDITION.includes(text)) isInCondition = true;
      if (BODY.includes(text)) isInCondition = false;
      if (text === "!") isNegated = true;
      // What stands before `fi` or `}` has ended already, by an operator.
      else if (text === "}") end(text);
    } else {
      if (words.length === 0) line = tokens[i]!.line;
      words.push(text);
    }
  }
  end("\n");
  return pipelines(found);
}

function isNowhere(operator: string, target: string): boolean {
  return operator.endsWith("&") || /^\/dev\/(null|stdout|stderr|tty)$/.test(target);
}

/** What stands behind a pipeline stands behind each of its commands. */
function pipelines(commands: readonly ShellCommand[]): ShellCommand[] {
  const result: ShellCommand[] = [];
  let next = "\n";
  for (const command of commands.toReversed()) {
    if (command.next !== "|" && command.next !== "|&") next = command.next;
    result.push({ ...command, next });
  }
  return result.reverse();
}
