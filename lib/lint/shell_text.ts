/**
 * The code of a shell script without what is only text in it.
 *
 * @module
 */

/**
 * The script with comments, here-documents that are taken as they are, and the content of strings in
 * single quotes blanked; everything else stays at its offset. It knows of the shell's grammar what
 * that takes, and no more.
 */
export function shellCode(script: string): string {
  const scanner = new Scanner(script);
  scanner.code(0, null);
  return scanner.out.join("");
}

interface HereDocument {
  readonly word: string;
  /** Nothing in it is expanded. */
  readonly isQuoted: boolean;
  /** Tabs before its lines do not count. */
  readonly isIndented: boolean;
}

const HERE = /<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?)([A-Za-z_][\w.-]*))/y;

class Scanner {
  readonly out: string[];
  readonly #text: string;
  #pending: HereDocument[] = [];

  constructor(text: string) {
    this.#text = text;
    this.out = text.split("");
  }

  /** Commands, up to the closing character of a substitution; returns the offset after it. */
  code(at: number, closing: ")" | "`" | null): number {
    const text = this.#text;
    for (let depth = 0; at < text.length;) {
      const c = text[at]!;
      if (c === closing && depth === 0) return at + 1;
      if (c === "\\") at += 2;
      else if (c === "'") at = this.#single(at);
      else if (c === '"') at = this.#double(at + 1, text.length, '"');
      else if (c === "`") at = this.code(at + 1, "`");
      else if (text.startsWith("$(", at)) at = this.code(at + 2, ")");
      else if (c === "#" && /^$|[\s;&|(]/.test(text[at - 1] ?? "")) {
        at = this.#blank(at, this.#eol(at));
      } else if (text.startsWith("<<", at)) at = this.#here(at);
      else if (c === "\n") at = this.#bodies(at + 1);
      else {
        depth += c === "(" ? 1 : c === ")" && depth > 0 ? -1 : 0;
        at++;
      }
    }
    return at;
  }

  #single(at: number): number {
    // In $'...' a backslash escapes.
    const string = this.#text[at - 1] === "$" ? /'(?:\\[\s\S]|[^'\\])*'?/y : /'[^']*'?/y;
    string.lastIndex = at;
    const end = at + string.exec(this.#text)![0].length;
    this.#blank(at + 1, end - 1);
    return end;
  }

  /** Text in which commands are substituted. */
  #double(at: number, end: number, closing: string | null): number {
    while (at < end) {
      const c = this.#text[at]!;
      if (c === closing) return at + 1;
      if (c === "\\") at += 2;
      else if (c === "`") at = this.code(at + 1, "`");
      else if (this.#text.startsWith("$(", at)) at = this.code(at + 2, ")");
      else at++;
    }
    return at;
  }

  #here(at: number): number {
    if (this.#text.startsWith("<<<", at)) return at + 3;
    HERE.lastIndex = at;
    const found = HERE.exec(this.#text);
    if (!found) return at + 2;
    const [whole, dash, single, double, backslash, word] = found;
    this.#pending.push({
      word: (single ?? double ?? word)!,
      isQuoted: word === undefined || backslash !== "",
      isIndented: dash !== "",
    });
    return at + whole.length;
  }

  /** The here-documents that begin after a line. */
  #bodies(at: number): number {
    const pending = this.#pending;
    this.#pending = [];
    for (const { word, isQuoted, isIndented } of pending) {
      const end = this.#endOf(at, word, isIndented);
      // Without an end it was none: a shift in an arithmetic expression, perhaps.
      if (end === undefined) continue;
      if (isQuoted) this.#blank(at, end);
      else this.#double(at, end, null);
      at = Math.min(this.#eol(end) + 1, this.#text.length);
    }
    return at;
  }

  #endOf(at: number, word: string, isIndented: boolean): number | undefined {
    for (let line = at; line < this.#text.length; line = this.#eol(line) + 1) {
      const content = this.#text.slice(line, this.#eol(line));
      if ((isIndented ? content.replace(/^\t+/, "") : content) === word) return line;
    }
    return undefined;
  }

  #eol(at: number): number {
    const found = this.#text.indexOf("\n", at);
    return found < 0 ? this.#text.length : found;
  }

  #blank(from: number, to: number): number {
    for (let i = from; i < to; i++) if (this.out[i] !== "\n") this.out[i] = " ";
    return to;
  }
}
