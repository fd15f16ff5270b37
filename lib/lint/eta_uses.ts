/**
 * The parameters that an Eta template uses.
 *
 * @module
 */
import { etaTokens, type Token } from "./eta_tokens.ts";
import { isRelated, lineAt, type Need, type Uses } from "./uses.ts";

const CALL = /\bit\s*\.\s*(param|has|keys)\s*\(\s*$/;
const OTHER_CALL = /\bit\s*\.\s*(?:param|has|keys)\b(?!\s*\(\s*$)(\s*\(\s*\))?/g;
const PARAMS = /\bit\s*\.\s*params\b/g;
/** All of `it` is handed on, and nobody knows what becomes of it. */
const WHOLE = /\bit\b(?!\s*\.)/;
const NAME = /^\s*\.\s*([A-Za-z_$][\w$]*)/;

/**
 * What a template says: `it.param("a/b")`, `it.keys("a")`, `it.has("a/b")`, `it.params.a.b`. A key
 * is not needed where `it.has` asks for it, for what holds it, or for what is in it; or where its
 * last name stands for itself in a string, as in `it.keys("a").includes("b")`.
 */
export function etaUses(template: string): Uses {
  const reader = new Reader(template);
  reader.read();
  const { needs, keys, computed, asked, names } = reader;
  const isAskedFor = (key: string) =>
    asked.some((other) => isRelated(key, other)) || names().has(key.split("/").at(-1)!);
  return {
    needs: reader.catches ? [] : needs.filter(({ key }) => !isAskedFor(key)),
    keys,
    computed,
  };
}

class Reader {
  readonly needs: Need[] = [];
  readonly keys: string[] = [];
  readonly computed: string[] = [];
  readonly asked: string[] = [];
  catches = false;
  readonly #template: string;
  readonly #tokens: readonly Token[];
  /** Strings that are arguments or names of `it`. */
  readonly #taken = new Set<Token>();

  constructor(template: string) {
    this.#template = template;
    this.#tokens = etaTokens(template);
  }

  read(): void {
    this.#tokens.forEach((token, i) => {
      if (token.kind !== "code") return;
      const { text } = token;
      const call = CALL.exec(text);
      if (call) this.#readCall(i, call[1]!, token.start + call.index);
      for (const [, isWhole] of text.matchAll(OTHER_CALL)) {
        if (isWhole) this.keys.push("");
        else this.computed.push("");
      }
      for (const { index, 0: found } of text.matchAll(PARAMS)) {
        this.#readChain(i, index + found.length, token.start + index);
      }
      if (WHOLE.test(text)) this.computed.push("");
      this.catches ||= /\bcatch\b/.test(text);
    });
  }

  /** Strings that stand for themselves. */
  names = (): Set<string> =>
    new Set(
      this.#tokens.filter((token) => token.kind === "string" && !this.#taken.has(token))
        .map(({ text }) => text),
    );

  #readCall(i: number, method: string, offset: number): void {
    const [argument, after] = [this.#tokens[i + 1], this.#tokens[i + 2]];
    if (!argument || argument.kind === "code") return;
    this.#taken.add(argument);
    const rest = after?.kind === "code" ? after.text.trimStart() : "";
    const key = argument.text;
    if (argument.kind === "computed" || !/^[),]/.test(rest)) return void this.computed.push(key);
    this.keys.push(key);
    if (method === "has") this.asked.push(key);
    else if (method === "keys" || !rest.startsWith(",")) {
      const call = `it.${method}("${key}")`;
      const isInVain = /^\)\s*(\?\?|\|\|)/.test(rest);
      this.#need(key, offset, isInVain ? `${call}, which fails in spite of what follows it` : call);
    }
  }

  /** `.a.b["c"]` after `it.params`; a method of the value is none of its names. */
  #readChain(i: number, from: number, offset: number): void {
    const names: string[] = [];
    let rest = this.#tokens[i]!.text.slice(from);
    for (;;) {
      const name = NAME.exec(rest);
      const [inBrackets, closing] = [this.#tokens[i + 1], this.#tokens[i + 2]];
      if (name) {
        rest = rest.slice(name[0].length);
        if (name[1] === "length" || /^\s*\(/.test(rest)) break;
        names.push(name[1]!);
      } else if (/^\s*\[\s*$/.test(rest) && inBrackets?.kind === "string" && closing) {
        this.#taken.add(inBrackets);
        names.push(inBrackets.text);
        i += 2;
        rest = closing.text.replace(/^\s*\]/, "");
      } else break;
    }
    const key = names.join("/");
    if (names.length === 0 || /^\s*\[/.test(rest)) this.computed.push(key);
    if (names.length === 0) return;
    this.keys.push(key);
    this.#need(key, offset, `it.params.${names.join(".")}`);
  }

  #need(key: string, offset: number, what: string): void {
    this.needs.push({ key, line: lineAt(this.#template, offset), what });
  }
}
