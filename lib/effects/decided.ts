/**
 * Scripts whose way depends on the exit code of an effect, which nobody knows before it is carried
 * out.
 *
 * @module
 */
import { type Arguments, expanded, type Names, namesOf } from "../shell/names.ts";
import { parseScript } from "../shell/parse.ts";
import {
  type Command,
  type Compound,
  type List,
  listOf,
  type Simple,
  simplesIn,
} from "../shell/script.ts";
import { substitutionsIn } from "../shell/tokens.ts";
import { type Decision, LOOKED_AT, WAITS } from "./decision.ts";
import { ExitStatus, isAndOr, leaves, type Words } from "./exit_status.ts";
import { isDecidedByVariable } from "./looked_at_later.ts";
import { endsInFailure, missedIn, missedOf, type Missing } from "./missed.ts";
import { decidedByTrap } from "./traps.ts";
import { executedBy, scriptsIn } from "../shell/wrappers.ts";

/** Functions and scripts in one another that are followed. */
const DEEPEST = 8;
/** Lists that are looked at, so that functions that call one another come to an end. */
const MOST_LISTS = 100_000;

/**
 * The first place where a shell script decides by the exit code of one of its effects; undefined
 * where there is none that can be seen. An effect is taken to succeed, and its failure is told and
 * kept as owed: so `COMMAND || true` and `COMMAND || exit 1` decide nothing that is lost.
 */
export function decidedBy(script: string, effects: readonly Words[]): Decision | undefined {
  const list = parseScript(script);
  const names = namesOf(list);
  const status = new ExitStatus(effects, names);
  const search = new Search(list, names, status);
  status.waited = search.background(list);
  const found = search.inList(list, undefined);
  if (found || !search.bare) return found;
  const how = decidedByTrap(list, search.missing, status, /^#!.*\s-\w*e/.test(script));
  return how === undefined ? undefined : { ...search.bare, how };
}

class Search {
  readonly missing: Missing;
  /** An effect whose failure would end a script with `set -e`. */
  bare: Omit<Decision, "how"> | undefined;
  #left = MOST_LISTS;
  readonly #called = new Set<string>();
  readonly #hasPipefail: boolean;

  constructor(
    private readonly script: List,
    private readonly names: Names,
    private readonly status: ExitStatus,
  ) {
    this.missing = { names, isEffect: status.isEffect };
    this.#hasPipefail = [...simplesIn(script)]
      .some(({ words }) => words[0] === "set" && words.includes("pipefail"));
  }

  /** An effect in the background, anywhere. */
  background(list: List): Words | undefined {
    for (const item of list) {
      const found = item.next === "&" ? this.status.ofItem(item, undefined) : undefined;
      const inner = found ?? item.pipeline.flatMap(listsOf).values()
        .map((one) => this.background(one)).find((one) => one !== undefined);
      if (inner) return inner;
    }
    return undefined;
  }

  /** The first decision in a list, or in what it runs. */
  inList(list: List, args: Arguments, depth = 0): Decision | undefined {
    if (depth > DEEPEST || --this.#left < 0) return undefined;
    for (const [i, item] of list.entries()) {
      for (const command of item.pipeline) {
        const found = this.#inCommand(command, args, depth);
        if (found) return found;
      }
      const words = this.status.ofItem(item, args);
      if (!words) continue;
      const place = { what: words.join(" "), line: item.pipeline[0]!.line };
      const how = item.isNegated ? WAITS : this.#how(list, i, args);
      if (how !== undefined) return { ...place, how };
      if (item.next !== "&" && !isCaught(list, i)) this.bare ??= place;
    }
    return undefined;
  }

  #inCommand(command: Command, args: Arguments, depth: number): Decision | undefined {
    if (command.kind === "function") return this.inList(listOf(command.body), undefined, depth);
    if (command.kind === "simple") return this.#inSimple(command, args, depth);
    const isEnd = this.#onlyEnds(command) && command.conditions[0]![0]!.isNegated;
    const conditions = isEnd ? [] : command.conditions;
    for (const condition of conditions) {
      const found = this.#inCondition(condition, args) ?? this.inList(condition, args, depth);
      if (found) return found;
    }
    for (const word of command.words) {
      const found = this.#inSubstitutions(word, command, args, depth);
      if (found) return found;
    }
    return first(command.bodies, (body) => this.inList(body, args, depth));
  }

  /** `if ! EFFECT; then ...; exit 1; fi` is `EFFECT || { ...; exit 1; }`, which decides nothing. */
  #onlyEnds({ keyword, conditions, bodies }: Compound): boolean {
    return keyword === "if" && conditions.length === 1 && conditions[0]!.length === 1 &&
      bodies.length === 1 && endsInFailure(bodies[0]!);
  }

  #inCondition(condition: List, args: Arguments): Decision | undefined {
    let from = condition.length - 1;
    while (from > 0 && isAndOr(condition[from - 1]!)) from--;
    return first(condition.slice(Math.max(from, 0)), (item) => {
      const words = this.status.ofItem(item, args);
      return words && { what: words.join(" "), line: item.pipeline[0]!.line, how: WAITS };
    });
  }

  #inSimple(command: Simple, args: Arguments, depth: number): Decision | undefined {
    const substituted = first(
      command.words,
      (word) => this.#inSubstitutions(word, command, args, depth),
    );
    if (substituted) return substituted;
    return first(expanded(command.words, this.names, args), (words) => {
      const at = (found: Decision | undefined) => found && { ...found, line: command.line };
      for (const one of executedBy(words)) {
        if (!one.decides || !this.status.matches(one.command)) continue;
        const how = "find goes on only if it succeeds";
        return { what: one.command.join(" "), line: command.line, how };
      }
      const inner = first(
        scriptsIn(words),
        (script) => this.inList(parseScript(script), args, depth + 1),
      );
      if (inner) return at(inner);
      const body = this.names.functions.get(words[0] ?? "");
      const call = JSON.stringify(words);
      if (!body || this.#called.has(call) || !takesCommand(body)) return undefined;
      this.#called.add(call);
      return at(this.inList(listOf(body), words.slice(1), depth + 1));
    });
  }

  /** What a substitution prints can depend on the effects in it. */
  #inSubstitutions(
    word: string,
    { line }: Simple | Compound,
    args: Arguments,
    depth: number,
  ): Decision | undefined {
    return first(substitutionsIn(word), (script) => {
      const list = parseScript(script);
      const found = this.inList(list, args, depth + 1) ??
        first(list, (item): Decision | undefined => {
          if (!isAndOr(item)) return undefined;
          const words = this.status.ofItem(item, args);
          const prints = [...simplesIn(list)].some(({ words: [name] }) =>
            /^(echo|printf)$/.test(name!)
          );
          if (!words || !prints) return undefined;
          return { what: words.join(" "), line, how: "what is printed depends on it" };
        });
      return found && { ...found, line };
    });
  }

  /** How the script decides by a pipeline that ends as an effect does. */
  #how(list: List, i: number, args: Arguments): string | undefined {
    let end = i;
    for (; isAndOr(list[end]!) && list[end + 1]; end++) {
      if (list[end]!.next === "||") return this.#howFallback(list, end + 1);
    }
    const behind = list.slice(i + 1, end + 1).find((item) => isLeft(item));
    const rest = behind ? missedIn(list.slice(end + 1), this.missing) : undefined;
    if (rest) return `"${rest.words.join(" ")}" is for its failure`;
    const following = list[end + 1] && firstOf(list[end + 1]!.pipeline[0]!);
    if (!following || list[i]!.next === "&" || /^(exit|return)$/.test(following.words[0] ?? "")) {
      return undefined;
    }
    const next = list[end + 1]!.pipeline[0]!;
    if (next.kind === "compound" && this.#onlyEnds(next)) return undefined;
    const isLast = this.#hasPipefail || this.status.ofItem(list[i]!, args, true) !== undefined;
    const asks = isLast ? /\$\?|\$\{\?\}|PIPESTATUS/ : /PIPESTATUS/;
    return following.words.some((word) => asks.test(word)) ? LOOKED_AT : undefined;
  }

  /** What stands behind `||`, to the end of the and-or list. */
  #howFallback(list: List, from: number): string | undefined {
    for (let at = from; list[at] && isAndOr(list[at - 1]!); at++) {
      for (const command of list[at]!.pipeline) {
        const missed = missedOf(command, this.missing);
        if (missed) return `"${missed.words.join(" ")}" is for its failure`;
        for (const { words } of simplesIn(listOf(command))) {
          const [, name] = /^(?:\(\()?(\w+)\s*(?:[-+]?=|\+\+)/.exec(words[0] ?? "") ?? [];
          if (name && isDecidedByVariable(this.script, name, this.missing)) {
            return `"${words.join(" ")}" is for its failure`;
          }
        }
      }
    }
    return undefined;
  }
}

function first<T, R>(all: Iterable<T>, find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether `||` in its list takes care of a failure. */
function isCaught(list: List, i: number): boolean {
  for (let at = i; list[at] && isAndOr(list[at]!); at++) if (list[at]!.next === "||") return true;
  return false;
}

/** Whether an item ends the script, the function or the loop that it stands in. */
function isLeft(item: List[number]): boolean {
  const command = item.pipeline.at(-1);
  return leaves(item, true) ||
    (command?.kind === "simple" && /^(break|continue)$/.test(command.words[0] ?? ""));
}

/** Whether a function runs what it is given. */
function takesCommand(body: Command): boolean {
  return simplesIn(listOf(body)).some(({ words }) =>
    words.some((word) => /^\$(\d|\{?[@*])/.test(word))
  );
}

/** The command that runs first. */
function firstOf(command: Command): { words: Words } | undefined {
  if (command.kind === "simple") return command;
  if (command.kind === "function") return undefined;
  if (command.words.length > 0) return command.keyword === "case" ? command : undefined;
  const list = command.conditions[0] ?? command.bodies[0];
  return list?.[0] && firstOf(list[0].pipeline[0]!);
}

function listsOf(command: Command): List[] {
  if (command.kind === "simple") return [];
  return command.kind === "function"
    ? [listOf(command.body)]
    : [...command.conditions, ...command.bodies];
}
