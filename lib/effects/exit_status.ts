/**
 * Whether the exit code of a command in a shell script is that of an effect, as far as the text shows.
 *
 * @module
 */
import { SCRIPTS } from "../init/mod.ts";
import { commandName } from "../shell/command_name.ts";
import { type Arguments, expanded, type Names } from "../shell/names.ts";
import { parseScript } from "../shell/parse.ts";
import { type Command, type Item, type List, listOf, type Simple } from "../shell/script.ts";
import { substitutionsIn } from "../shell/tokens.ts";
import { executedBy, isWrapping, scriptsIn } from "../shell/wrappers.ts";

/** Functions and scripts in one another that are followed. */
const DEEPEST = 8;
/** Commands that are looked at, so that functions that call one another come to an end. */
const MOST = 1_000_000;

/** The words of an effect, as the script has them. */
export type Words = readonly string[];

/** Looks for effects behind exit codes, in one script. */
export class ExitStatus {
  /** An effect that runs in the background: `wait` has its exit code. */
  waited: Words | undefined;
  #left = MOST;
  /** What functions were found to end with, by their names and arguments. */
  readonly #called = new Map<string, Words | undefined>();
  readonly #byName: ReadonlyMap<string, readonly Words[]>;

  constructor(effects: readonly Words[], private readonly names: Names) {
    this.#byName = Map.groupBy(effects, ([command = ""]) => commandName(command));
  }

  /** Whether a command has the name of an effect. */
  readonly isEffect = (command: string): boolean => this.#byName.has(commandName(command));

  /** The effect in a pipeline; `isLast`: the pipeline ends as its last command does. */
  ofItem({ pipeline }: Item, args: Arguments, isLast = false, depth = 0): Words | undefined {
    for (const command of isLast ? pipeline.slice(-1) : pipeline) {
      const found = this.of(command, args, depth);
      if (found) return found;
    }
    return undefined;
  }

  /** The effect whose exit code a command has. */
  of(command: Command, args: Arguments, depth = 0): Words | undefined {
    if (--this.#left < 0 || depth > DEEPEST || command.kind === "function") return undefined;
    if (command.kind === "simple") return this.#ofSimple(command, args, depth);
    const isShell = command.keyword === "(";
    for (const body of command.bodies) {
      const found = this.ofList(body, args, isShell, depth);
      if (found) return found;
    }
    return undefined;
  }

  /** The effect that a list can end with; `isShell`: `exit` leaves it; `isInner`: its end does not. */
  ofList(
    list: List,
    args: Arguments,
    isShell = false,
    depth = 0,
    isInner = false,
  ): Words | undefined {
    const hasErrexit = isShell && list.some(({ pipeline: [first] }) => isErrexit(first));
    for (let i = 0, end = 0; i < list.length; i++) {
      // An and-or list goes on up to here.
      for (end = Math.max(end, i); isAndOr(list[end]!) && end < list.length - 1;) end++;
      const { next } = list[i]!;
      const behind = list[end + 1];
      const isAtEnd = behind ? leaves(behind, isShell, true) : !isInner;
      if (next === "&") continue;
      const group = list.slice(i, end + 1);
      const or = group.findIndex((item, at) => item.next === "||" && at < group.length - 1);
      const isLeft = or < 0
        ? isAtEnd || hasErrexit || group.slice(1).some((item) => leaves(item, isShell))
        : fails(group[or + 1]!, isShell);
      const found = isLeft
        ? this.ofItem(list[i]!, args, false, depth)
        : this.#returned(list[i]!, args, isShell, depth);
      if (found) return found;
    }
    return undefined;
  }

  /** The effect with whose exit code a function is left inside of a command that does not end it. */
  #returned({ pipeline }: Item, args: Arguments, isShell: boolean, depth: number) {
    for (const command of pipeline) {
      if (command.kind !== "compound" || command.keyword === "(") continue;
      for (const body of command.bodies) {
        const found = this.ofList(body, args, isShell, depth, true);
        if (found) return found;
      }
    }
    return undefined;
  }

  #ofFunction(name: string, body: Command, args: Words, depth: number): Words | undefined {
    const key = JSON.stringify([name, ...args]);
    if (!this.#called.has(key)) {
      // One that calls itself adds nothing.
      this.#called.set(key, undefined);
      this.#called.set(key, this.ofList(listOf(body), args, false, depth + 1));
    }
    return this.#called.get(key);
  }

  #ofSimple({ words }: Simple, args: Arguments, depth: number): Words | undefined {
    for (const all of expanded(words, this.names, args)) {
      const found = this.#ofWords(all, words, args, depth);
      if (found) return found;
    }
    return undefined;
  }

  #ofWords(all: Words, written: Words, args: Arguments, depth: number): Words | undefined {
    const at = all.findIndex((word) => !/^\w+\+?=/.test(word));
    if (at < 0) {
      // An assignment ends as the command in it.
      const [inner] = all.flatMap(substitutionsIn).slice(-1);
      return inner === undefined
        ? undefined
        : this.ofList(parseScript(inner), args, true, depth + 1);
    }
    const words = all.slice(at);
    const [first = "", ...rest] = words;
    if (first === "wait") return this.waited;
    const body = this.names.functions.get(first);
    if (body) return this.#ofFunction(first, body, rest, depth);
    for (const script of scriptsIn(words)) {
      const found = this.ofList(parseScript(script), args, true, depth + 1);
      if (found) return found;
    }
    for (const { command, decides } of executedBy(words)) {
      if (!decides && words.at(-1) === "+" && this.matches(command)) return command;
    }
    const isHandedOn = /^\$\{?[@*]/.test(written[at] ?? "");
    return this.matches(isHandedOn ? ["command", ...words] : words) ? words : undefined;
  }

  /** Whether a command line became an effect: by its name, and what it is told first. */
  matches(line: Words): boolean {
    const words = ofService(line);
    const at = words.findIndex(this.isEffect);
    if (at < 0 || (at > 0 && !isWrapping(words)) || isQuestion(words)) return false;
    const [told, isOpen] = [plain(words.slice(at + 1)), /^(xargs|parallel)$/.test(words[0]!)];
    return this.#byName.get(commandName(words[at]!))!.some((argv) => {
      const asked = plain(argv.slice(1));
      return told === asked || /[$`*]|^\{\}/.test(told ?? "") || (isOpen && told === undefined);
    });
  }
}

/** `/etc/init.d/NAME ACTION` is taken as `service NAME ACTION`. */
function ofService(words: Words): Words {
  const at = words.findIndex((word) => word.startsWith(`${SCRIPTS}/`));
  if (at < 0 || (at > 0 && !isWrapping(words))) return words;
  return [...words.slice(0, at), "service", commandName(words[at]!), ...words.slice(at + 1)];
}

/** `kill -0` only asks whether a process is there. */
function isQuestion(words: Words): boolean {
  return commandName(words[0]!) === "kill" && /^(-0|-[sn] 0)$/.test(words.slice(1, -1).join(" "));
}

function plain(words: Words): string | undefined {
  return words.find((word) => !word.startsWith("-"));
}

/** `set -e`, alone or with others. */
export function isErrexit(command: Command | undefined): boolean {
  if (command?.kind !== "simple" || command.words[0] !== "set") return false;
  const { words } = command;
  return words.some((word, i) =>
    /^-[a-zA-Z]*e/.test(word) || (word === "errexit" && /^-\w*o$/.test(words[i - 1] ?? ""))
  );
}

/** Whether `&&` or `||` goes on with an and-or list. */
export function isAndOr({ next }: Item): boolean {
  return next === "&&" || next === "||";
}

/** Whether an item leaves its list by `return` or `exit`; with `isWithCode`, with the exit code before it. */
export function leaves({ pipeline }: Item, isShell: boolean, isWithCode = false): boolean {
  const last = lastOf(pipeline.at(-1));
  const [word = "", code = "$?"] = last?.words ?? [];
  if (word !== "return" && !(word === "exit" && isShell)) return false;
  return !isWithCode || /\$\?|\$\{\?\}/.test(code);
}

function fails(item: Item, isShell: boolean): boolean {
  const last = lastOf(item.pipeline.at(-1));
  if (last?.words[0] === "false") return true;
  return leaves(item, isShell) && last?.words[1] !== "0";
}

/** The last simple command of a group. */
function lastOf(command: Command | undefined): Simple | undefined {
  if (command?.kind === "simple") return command;
  if (command?.kind !== "compound" || command.keyword !== "{") return undefined;
  return lastOf(command.bodies[0]?.at(-1)?.pipeline.at(-1));
}
