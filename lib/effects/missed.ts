/**
 * Commands that would be missed if they did not run: those behind the failure of an effect, which is
 * taken to succeed.
 *
 * @module
 */
import { commandName } from "../shell/command_name.ts";
import { expanded, type Names } from "../shell/names.ts";
import { parseScript } from "../shell/parse.ts";
import { type Command, type List, listOf, type Simple } from "../shell/script.ts";
import { scriptsIn, wrapped } from "../shell/wrappers.ts";

/** Commands that change something. */
const CHANGES = [
  ...["rm", "mv", "cp", "ln", "mkdir", "rmdir", "touch", "install", "sed", "tee", "chmod", "chown"],
  ...["truncate", "dd", "apt-get", "apt", "dpkg", "rsync", "tar", "useradd", "usermod", "userdel"],
];
/** Words behind a command that only ask. */
const ASKING = ["status", "is-active", "is-failed", "is-enabled", "show", "cat", "list-units"];
/** Functions in functions that are followed. */
const DEEPEST = 8;

/** What is known of a script while one looks what it misses. */
export interface Missing {
  readonly names: Names;
  /** Whether a command has the name of an effect. */
  readonly isEffect: (command: string) => boolean;
  /** Commands that change something and are not missed. */
  readonly apart?: readonly string[];
}

/** The first command of a list that would be missed; nothing is, where the list ends in a failure. */
export function missedIn(list: List, about: Missing, depth = 0): Simple | undefined {
  if (depth > DEEPEST || endsInFailure(list)) return undefined;
  for (const { pipeline } of list) {
    for (const command of pipeline) {
      const missed = missedOf(command, about, depth);
      if (missed) return missed;
    }
  }
  return undefined;
}

/** The first simple command of a command that would be missed. */
export function missedOf(command: Command, about: Missing, depth = 0): Simple | undefined {
  if (command.kind === "function") return undefined;
  if (command.kind === "compound") {
    const lists = [...command.conditions, ...command.bodies];
    for (const list of lists) {
      const missed = missedIn(list, about, depth + 1);
      if (missed) return missed;
    }
    const isEnd = command.bodies.some(endsInFailure);
    return command.writesTo === undefined || isEnd ? undefined : { ...command, kind: "simple" };
  }
  if (command.writesTo !== undefined) return command;
  return expanded(command.words, about.names, undefined)
      .some((words) => isMissed(words, about, depth))
    ? command
    : undefined;
}

function isMissed(all: readonly string[], about: Missing, depth: number): boolean {
  const words = wrapped(all);
  const name = commandName(words[0] ?? "");
  const body = about.names.functions.get(name);
  if (body) return missedIn(listOf(body), about, depth + 1) !== undefined;
  const scripts = scriptsIn(all);
  if (scripts.length > 0) {
    return scripts.some((one) => missedIn(parseScript(one), about, depth + 1) !== undefined);
  }
  if (about.apart?.includes(name)) return false;
  if (CHANGES.includes(name)) return true;
  return about.isEffect(name) && !words.some((word) => ASKING.includes(word));
}

/** `exit 1` at the end: what was done before is not merged. */
export function endsInFailure(list: List): boolean {
  const last = list.at(-1)?.pipeline.at(-1);
  if (last?.kind === "compound" && last.keyword === "{") return last.bodies.every(endsInFailure);
  return last?.kind === "simple" && last.words[0] === "exit" && !/^0?$/.test(last.words[1] ?? "");
}
