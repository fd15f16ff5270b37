/**
 * Reads shell scripts (POSIX.1-2017, XCU 2.9). It is for looking at scripts, so nothing is a mistake:
 * what is not understood is taken as simple commands.
 *
 * @module
 */
import type { Command, Compound, FunctionDefinition, Item, List, Simple } from "./script.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Lists in lists that are followed; what is deeper was not written by a person. */
const DEEPEST = 100;
const REDIRECTION = /^\d*(>>?\|?|<|<>|>&|<&|&>>?|<<<|<<-?)$/;
const CLOSING_WORDS = ["then", "do", "done", "fi", "else", "elif", "esac", "}"];
const CLOSING_OPERATORS = [")", ";;", ";&", ";;&"];
const NOWHERE = /^\/dev\/(null|stdout|stderr|tty|console|kmsg|fd\/\d+)$|^\/proc\/self\/fd\/\d+$/;

/** Read a script. */
export function parseScript(script: string): List {
  return new Parser(tokensOf(script)).list([], 0);
}

/** Files of redirections. */
type Redirected = { -readonly [key in "writesTo" | "readsFrom"]?: string };

class Parser {
  #at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  /** The pipelines up to one of these words or operators, which is left. */
  list(end: readonly string[], depth: number): List {
    const items: Item[] = [];
    if (depth > DEEPEST) this.#at = this.tokens.length;
    while (this.#at < this.tokens.length) {
      if (this.#operator(";", "\n", "&")) this.#at++;
      else if (this.#isClosing()) {
        // One that closes nothing is passed over.
        if (end.includes(this.#text) || depth > 0) break;
        this.#at++;
      } else items.push(this.#item(depth));
    }
    return items;
  }

  #item(depth: number): Item {
    const start = this.#at;
    let isNegated = false;
    for (; this.#word("!", "time"); this.#at++) isNegated ||= this.#text === "!";
    const pipeline = [this.#command(depth)];
    while (this.#operator("|", "|&")) {
      this.#skipLines();
      pipeline.push(this.#command(depth));
    }
    const next = this.#text || "\n";
    if (this.#operator("&&", "||")) this.#skipLines();
    else if (this.#operator(";", "&", "\n") || this.#at === start) this.#at++;
    return { pipeline, isNegated, next };
  }

  #command(depth: number): Command {
    const { line = 1 } = this.tokens[this.#at] ?? {};
    const keyword = this.#text;
    if (this.#operator("(")) return this.#enclosed(keyword, ")", line, depth);
    if (this.#word("{")) return this.#enclosed(keyword, "}", line, depth);
    if (this.#word("if")) return this.#ifs(line, depth);
    if (this.#word("while", "until")) {
      this.#at++;
      const conditions = [this.list(["do"], depth + 1)];
      return this.#looped({ keyword, words: [], conditions, line }, depth);
    }
    if (this.#word("for", "select")) {
      const words = this.#wordsToEnd();
      this.#skip(";", "\n");
      return this.#looped({ keyword, words, conditions: [], line }, depth);
    }
    if (this.#word("case")) return this.#cases(line, depth);
    if (this.#word("function")) this.#at++;
    const isNamed = keyword === "function" || this.#isOperator(1, "(") && this.#isOperator(2, ")");
    return isNamed ? this.#functions(line, depth) : this.#simple(line);
  }

  #enclosed(keyword: string, end: string, line: number, depth: number): Compound {
    this.#at++;
    const bodies = [this.list([end], depth + 1)];
    this.#close(end);
    return this.#redirected({ keyword, words: [], conditions: [], bodies, line });
  }

  #ifs(line: number, depth: number): Compound {
    const [conditions, bodies]: [List[], List[]] = [[], []];
    while (this.#word("if", "elif")) {
      this.#at++;
      conditions.push(this.list(["then"], depth + 1));
      this.#close("then");
      bodies.push(this.list(["elif", "else", "fi"], depth + 1));
    }
    if (this.#word("else")) {
      this.#at++;
      bodies.push(this.list(["fi"], depth + 1));
    }
    this.#close("fi");
    return this.#redirected({ keyword: "if", words: [], conditions, bodies, line });
  }

  #looped(loop: Omit<Compound, "kind" | "bodies">, depth: number): Compound {
    this.#close("do");
    const bodies = [this.list(["done"], depth + 1)];
    this.#close("done");
    return this.#redirected({ ...loop, bodies });
  }

  #cases(line: number, depth: number): Compound {
    const words = this.#wordsToEnd("in");
    const bodies: List[] = [];
    this.#skip("\n");
    while (this.#at < this.tokens.length && !this.#word("esac")) {
      while (this.#at < this.tokens.length && !this.#operator(")")) this.#at++;
      this.#at++;
      bodies.push(this.list([";;", ";&", ";;&", "esac"], depth + 1));
      this.#skip(";;", ";&", ";;&", "\n");
      // Of one that belongs to something else the rest cannot be told.
      if (this.#isClosing() && !this.#word("esac")) break;
    }
    this.#close("esac");
    return this.#redirected({ keyword: "case", words, conditions: [], bodies, line });
  }

  #functions(line: number, depth: number): FunctionDefinition {
    const name = this.#text;
    this.#at++;
    if (this.#operator("(") && this.#isOperator(1, ")")) this.#at += 2;
    this.#skip("\n");
    const body = depth > DEEPEST ? this.#simple(line) : this.#command(depth + 1);
    return { kind: "function", name, body, line };
  }

  #simple(line: number): Simple {
    const words: string[] = [];
    const files: Redirected = {};
    for (; this.#at < this.tokens.length; this.#at++) {
      const { text, kind } = this.tokens[this.#at]!;
      if (kind !== "operator") words.push(text);
      else if (REDIRECTION.test(text)) this.#redirect(files);
      else if (text === "(" && /^\w+\+?=$/.test(words.at(-1) ?? "")) this.#array(words);
      else if (words[0] === "[[" && words.at(-1) !== "]]" && text !== "\n") words.push(text);
      else break;
    }
    return { kind: "simple", words, line, ...files };
  }

  /** `name=(a b)` becomes the assignment of its words. */
  #array(words: string[]): void {
    const values: string[] = [];
    for (this.#at++; this.#at < this.tokens.length && !this.#operator(")"); this.#at++) {
      values.push(this.#text);
    }
    words.push(`${words.pop()}${values.join(" ")}`);
  }

  #redirected(compound: Omit<Compound, "kind">): Compound {
    const files: Redirected = {};
    for (; REDIRECTION.test(this.#operator() ? this.#text : ""); this.#at++) this.#redirect(files);
    return { kind: "compound", ...compound, ...files };
  }

  /** Note where a redirection leads. */
  #redirect(files: Redirected): void {
    const operator = this.#text;
    const target = this.tokens[++this.#at]?.text ?? "";
    if (/^\d*<$/.test(operator)) files.readsFrom = target;
    else if (/^\d*(>>?\|?|&>>?)$/.test(operator) && !NOWHERE.test(target)) files.writesTo = target;
  }

  #wordsToEnd(end?: string): string[] {
    const words: string[] = [];
    for (this.#at++; this.#at < this.tokens.length && !this.#operator(); this.#at++) {
      if (end !== undefined && this.#word(end)) {
        this.#at++;
        break;
      }
      if (this.#word("do")) break;
      words.push(this.#text);
    }
    return words;
  }

  get #text(): string {
    return this.tokens[this.#at]?.text ?? "";
  }

  #word(...texts: string[]): boolean {
    return this.tokens[this.#at]?.kind === "word" && texts.includes(this.#text);
  }

  #operator(...texts: string[]): boolean {
    const isOperator = this.tokens[this.#at]?.kind === "operator";
    return isOperator && (texts.length === 0 || texts.includes(this.#text));
  }

  #isOperator(behind: number, text: string): boolean {
    const token = this.tokens[this.#at + behind];
    return token?.kind === "operator" && token.text === text;
  }

  #isClosing(): boolean {
    return this.#word(...CLOSING_WORDS) || this.#operator(...CLOSING_OPERATORS);
  }

  #close(text: string): void {
    if (this.#word(text) || this.#operator(text)) this.#at++;
  }

  #skip(...operators: string[]): void {
    while (this.#operator(...operators)) this.#at++;
  }

  #skipLines(): void {
    this.#at++;
    this.#skip("\n");
  }
}
