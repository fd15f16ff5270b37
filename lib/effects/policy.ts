/**
 * The policy for commands: which act on the running system, and are therefore put off until after
 * the merge.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

/**
 * What becomes of a command in a ball: `run` it in the sandbox, put it off as an `effect`, do both
 * (`run+effect`), `deny` it, or let the `host` answer it because it only asks.
 */
export type Verdict = "run" | "effect" | "run+effect" | "deny" | "host";

/** A line of a policy: the command, the words its arguments must begin with, the verdict. */
export interface Rule {
  readonly command: string;
  /**
   * Words without a hyphen are compared in order, an option may stand anywhere; `*` is a glob, and a
   * word `.` says that no further word without a hyphen may come.
   */
  readonly words: readonly string[];
  readonly verdict: Verdict;
  /** What else is known of an effect: it reads standard input, it prints nothing. */
  readonly traits?: readonly Trait[];
  readonly file: string;
  readonly line: number;
}

/**
 * What a rule can say of an effect, behind its verdict: `effect+input` reads its standard input
 * although no word of it says so, `effect+silent` prints nothing on standard output when it succeeds,
 * so that it does not matter where that goes.
 */
export type Trait = "input" | "silent";

/** The traits that a policy may name. */
export const TRAITS: readonly Trait[] = ["input", "silent"];

/** The word of a rule behind which none may come: many commands only ask when they get none. */
export const NO_MORE = ".";

/** The verdicts that a policy may give. */
export const VERDICTS: readonly Verdict[] = ["run", "effect", "run+effect", "deny", "host"];

/** Parse the lines `command [first-words...] verdict`; `#` starts a comment. */
export function parsePolicy(
  text: string,
  file: string,
  verdicts: readonly Verdict[] = VERDICTS,
): Rule[] {
  return text.split("\n").flatMap((content, i) => {
    const words = content.replace(/(^|\s)#.*/, "").trim().split(/\s+/).filter((w) => w !== "");
    return words.length === 0 ? [] : [parseRule(words, file, i + 1, verdicts)];
  });
}

function parseRule(
  words: readonly string[],
  file: string,
  line: number,
  verdicts: readonly Verdict[],
): Rule {
  const command = words[0]!;
  const { verdict, traits } = parseVerdict(words.at(-1)!);
  const where = `Cannot parse policy "${file}", line ${line}`;
  if (words.length < 2 || !verdicts.includes(verdict)) {
    throw new DiscoError(`${where}: expected "command [first-words...] ${verdicts.join("|")}"`, {
      hint: `an effect can have traits: effect+${TRAITS.join("+")}`,
    });
  }
  const odd = words.find((word) => !/^[A-Za-z0-9@%+=:,._*-]+$/.test(word));
  if (odd !== undefined || !/^[A-Za-z0-9_][A-Za-z0-9@%+=:,._-]*$/.test(command)) {
    throw new DiscoError(`${where}: cannot use ${JSON.stringify(odd ?? command)} in a rule`);
  }
  const known = traits.length === 0 ? {} : { traits };
  return { command, words: words.slice(1, -1), verdict, ...known, file, line };
}

function parseVerdict(word: string): { verdict: Verdict; traits: Trait[] } {
  const [first = "", ...rest] = word.split("+");
  const isKnown = (trait: string): trait is Trait => (TRAITS as string[]).includes(trait);
  // What is not "effect" and traits is compared as a whole: "run+effect" is a verdict of its own.
  return first === "effect" && rest.every(isKnown)
    ? { verdict: first, traits: rest as Trait[] }
    : { verdict: word as Verdict, traits: [] };
}

/** The last word of a rule, as it stands in the policy. */
export function verdictText({ verdict, traits = [] }: Rule): string {
  return [verdict, ...traits].join("+");
}

/**
 * The rule that a command line meets: the one with the most words; of equals the later one, so
 * that an administrator's file overrides the shipped one. Undefined where there is no rule: it runs,
 * or is an effect in the strict mode.
 */
export function ruleFor(rules: readonly Rule[], argv: readonly string[]): Rule | undefined {
  const [command = "", ...args] = argv;
  const name = command.slice(command.lastIndexOf("/") + 1);
  const found = rules.filter((rule) => rule.command === name && matches(rule, args))
    .reduce<Rule | undefined>(
      (best, r) => !best || r.words.length >= best.words.length ? r : best,
      undefined,
    );
  if (found?.verdict !== "effect" || args.length !== 1 || !HELP.includes(args[0]!)) return found;
  return { ...found, words: [args[0]!], verdict: "run" };
}

/** Alone, they make no command act, whatever a rule says of it in general. */
export const HELP: readonly string[] = ["--help", "--version"];

/** The commands for which something has to stand in: those that do not just run. */
export function shimmedCommands(rules: readonly Rule[]): string[] {
  return [...new Set(rules.filter(({ verdict }) => verdict !== "run").map((r) => r.command))];
}

/** The commands that run in the strict mode, under their shims where they have one. */
export function knownCommands(rules: readonly Rule[]): string[] {
  return [...new Set(rules.map(({ command }) => command))];
}

/** The words of a rule that are compared in order. */
export function plainOf({ words }: Rule): string[] {
  return words.filter((word) => !word.startsWith("-"));
}

/** The words of a rule that may stand anywhere. */
export function optionsOf({ words }: Rule): string[] {
  return words.filter((word) => word.startsWith("-"));
}

function matches(rule: Rule, args: readonly string[]): boolean {
  const plain = args.filter((arg) => !arg.startsWith("-"));
  const given = args.filter((arg) => arg.startsWith("-"));
  const isMet = (word: string, i: number) =>
    word === NO_MORE ? plain.length <= i : isLike(plain[i], word);
  return plainOf(rule).every(isMet) &&
    optionsOf(rule).every((option) => given.some((arg) => isLike(arg, option)));
}

/**
 * As a pattern of the shell, of which a word can hold `*` only: each part between two stars is looked
 * for behind the one before, so that the time grows with the length of the text alone.
 */
function isLike(text: string | undefined, word: string): boolean {
  if (text === undefined) return false;
  const [first = "", ...parts] = word.split("*");
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}
