/**
 * Scripts whose way depends on the exit code of an effect, which nobody knows before it is carried
 * out.
 *
 * @module
 */
import { commandsOf, type ShellCommand } from "../shell/commands.ts";

/** Where a script has taken an effect's exit code for an answer. */
export interface Decision {
  /** The effect, as the script has it. */
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
  /** How the script decides by it, in words. */
  readonly how: string;
}

/** What may stand in front of a command. */
const WRAPPERS = ["sudo", "env", "nice", "ionice", "timeout", "command", "exec", "nohup", "setsid"];
/** Commands behind `||` that change something, and would not be missed if the effect is assumed to succeed. */
const CHANGES = [
  ...["rm", "mv", "cp", "ln", "mkdir", "rmdir", "touch", "install", "sed", "tee", "chmod", "chown"],
  ...["truncate", "dd", "apt-get", "apt", "dpkg", "rsync", "tar", "useradd", "usermod", "userdel"],
];

/**
 * The first place where a shell script decides by the exit code of one of its effects; undefined
 * where there is none that can be seen. An effect is taken to succeed, and its failure is told and
 * kept as owed: so `COMMAND || true` and `COMMAND || exit 1` decide nothing that is lost.
 */
export function decidedBy(
  script: string,
  effects: readonly (readonly string[])[],
): Decision | undefined {
  const commands = commandsOf(script);
  const byName = Map.groupBy(effects, ([command = ""]) => nameOf(command));
  for (const [i, command] of commands.entries()) {
    const alike = command.words.flatMap((word) => byName.get(nameOf(word)) ?? []);
    if (!alike.some((argv) => isOf(command.words, argv))) continue;
    const how = howItDecides(commands, i, byName);
    if (how === undefined) continue;
    return { what: command.words.join(" "), line: command.line, how };
  }
  return undefined;
}

/** Effects by the name of their command. */
type ByName = ReadonlyMap<string, readonly (readonly string[])[]>;

function howItDecides(
  commands: readonly ShellCommand[],
  i: number,
  effects: ByName,
): string | undefined {
  const command = commands[i]!;
  if (command.isCondition) return "a condition waits for it";
  const fallback = fallbackOf(commands, i);
  if (fallback && isMissed(fallback, effects)) {
    return `"${fallback.words.join(" ")}" is for its failure`;
  }
  const following = commands[i + 1];
  if (!following) return undefined;
  const isAsked = following.words.some((word) => /\$\?|\$\{\?\}/.test(word));
  const isHandedOn = /^(exit|return)$/.test(following.words[0] ?? "");
  return isAsked && !isHandedOn ? "its exit code is looked at" : undefined;
}

/** What is run if a command fails: behind the first `||` of its list. */
function fallbackOf(commands: readonly ShellCommand[], from: number): ShellCommand | undefined {
  let last = from;
  while (["&&", "|"].includes(commands[last]?.next ?? "")) last++;
  return commands[last]?.next === "||" ? commands[last + 1] : undefined;
}

/** Whether a command is missed where the one before it is taken to succeed. */
function isMissed({ words, writesTo }: ShellCommand, effects: ByName): boolean {
  const name = nameOf(words[0] ?? "");
  return writesTo !== undefined || CHANGES.includes(name) || effects.has(name);
}

/** Whether the words of a script became an effect: by its name, and what it is told first. */
function isOf(words: readonly string[], argv: readonly string[]): boolean {
  const at = words.findIndex((word) => nameOf(word) === nameOf(argv[0] ?? ""));
  if (at < 0) return false;
  const isInFront = (word: string) =>
    /^\w+=/.test(word) || /^[-\d]/.test(word) || WRAPPERS.includes(nameOf(word));
  if (!words.slice(0, at).every(isInFront)) return false;
  const plain = (all: readonly string[]) => all.find((word) => !word.startsWith("-"));
  const [told, asked] = [plain(words.slice(at + 1)), plain(argv.slice(1))];
  return told === asked || /[$`*]/.test(told ?? "");
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}
