/**
 * The words and operators of a shell script, without comments and here documents (POSIX.1-2017, XCU
 * 2.3). It is for looking at scripts, and not for running them: nothing is expanded.
 *
 * @module
 */

/** A word, or an operator; the end of a line is the operator `\n`. */
export interface Token {
  /** A word has lost its quotes; what would be expanded stands as it is written. */
  readonly text: string;
  /** A word with a quoted part is never a keyword. */
  readonly kind: "word" | "quoted" | "operator";
  /** Counted from 1. */
  readonly line: number;
}

const BLANK = /(?:[ \t\r]|\\\n)+/y;
const COMMENT = /#[^\n]*/y;
const OPERATOR =
  /\d*(?:<<-|<<<|<<|>>|>\||<>|>&|<&|<(?!\()|>(?!\())|&>>?|&&|\|\||\|&|;;&|;&|;;|[\n;&|()]/y;
/** `$(...)`, `<(...)`, `((...))` and backquotes are taken as they are, up to their end. */
const OPENING = /\$\(|[<>]\(|\(\(|\$\{|`/y;

/** The tokens of a script; what is not understood is taken as words. */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = [];
  const bodies: string[] = [];
  let [at, line, counted] = [0, 1, 0];
  const push = (text: string, kind: Token["kind"]) => {
    for (; counted < at; counted++) if (script[counted] === "\n") line++;
    tokens.push({ text, kind, line });
  };
  while (at < script.length) {
    const skipped = match(BLANK, script, at) || match(COMMENT, script, at);
    if (skipped !== "") {
      at += skipped.length;
      continue;
    }
    const operator = isArithmetic(tokens, script, at) ? "" : match(OPERATOR, script, at);
    if (operator !== "") {
      push(operator, "operator");
      at += operator.length;
      if (operator === "\n") {
        for (const end of bodies.splice(0)) at = afterBody(script, at, end);
      }
      continue;
    }
    const { text, isQuoted, end } = readWord(script, at);
    push(text, isQuoted ? "quoted" : "word");
    at = end;
    if (/^\d*<<-?$/.test(tokens.at(-2)?.text ?? "")) bodies.push(text);
  }
  return tokens;
}

/** The scripts in a word: what stands in `$(...)`, `<(...)` and backquotes. */
export function substitutionsIn(word: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < word.length; at++) {
    const opening = match(OPENING, word, at);
    if (!/^([$<>]\(|`)$/.test(opening) || word.startsWith("$((", at)) continue;
    const end = afterExpansion(word, at, opening);
    found.push(word.slice(at + opening.length, end - 1));
    at = end - 1;
  }
  return found;
}

/** `((` where a command may begin is arithmetic, in which `<<` and `&&` are not operators of the shell. */
function isArithmetic(tokens: readonly Token[], script: string, at: number): boolean {
  if (!script.startsWith("((", at)) return false;
  const before = tokens.at(-1);
  return before === undefined || before.kind === "operator" || before.kind === "word";
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** Where the line behind a here document begins. */
function afterBody(script: string, from: number, end: string): number {
  for (let at = from; at < script.length;) {
    const next = script.indexOf("\n", at);
    const stop = next < 0 ? script.length : next;
    if (script.slice(at, stop).replace(/^\t+/, "") === end) return stop + 1;
    at = stop + 1;
  }
  return script.length;
}

function readWord(script: string, from: number): { text: string; isQuoted: boolean; end: number } {
  let [at, text, isQuoted] = [from, "", false];
  while (at < script.length) {
    const c = script[at]!;
    const opening = match(OPENING, script, at);
    if (opening !== "") {
      const end = afterExpansion(script, at, opening);
      text += script.slice(at, end);
      at = end;
    } else if (c === "'" || c === '"' || script.startsWith("$'", at)) {
      const open = c === "$" ? at + 1 : at;
      const end = afterQuote(script, open, c === "$");
      const isClosed = end > open + 1 && script[end - 1] === script[open];
      text += script.slice(open + 1, isClosed ? end - 1 : end);
      isQuoted = true;
      at = end;
    } else if (c === "\\") {
      text += script[at + 1] === "\n" ? "" : script[at + 1] ?? "";
      isQuoted = true;
      at += 2;
    } else if (/[\s;&|()<>]/.test(c)) {
      break;
    } else {
      text += c;
      at++;
    }
  }
  // Something that cannot begin a word still is one, so that this comes to its end.
  return { text, isQuoted, end: Math.max(at, from + 1) };
}

/** Where what begins with a quote has ended; `escapes`: in it a backslash has a meaning, as in `$'`. */
function afterQuote(script: string, from: number, escapes = script[from] === '"'): number {
  const quote = script[from]!;
  for (let at = from + 1; at < script.length; at++) {
    if (escapes && script[at] === "\\") at++;
    else if (script[at] === quote) return at + 1;
  }
  return script.length;
}

/** Where an expansion has ended: at the bracket that closes it, quotes apart. */
function afterExpansion(script: string, from: number, opening: string): number {
  if (opening === "`") {
    const end = script.indexOf("`", from + 1);
    return end < 0 ? script.length : end + 1;
  }
  const [open, close] = opening.endsWith("{") ? ["{", "}"] : ["(", ")"];
  let depth = 0;
  for (let at = from; at < script.length; at++) {
    const c = script[at];
    if (c === "\\") at++;
    else if (c === "'" || c === '"') {
      at = afterQuote(script, at, c === '"' || script[at - 1] === "$") - 1;
    } else if (c === "#" && /\s/.test(script[at - 1]!)) at += match(COMMENT, script, at).length - 1;
    else if (c === open) depth++;
    else if (c === close && --depth === 0) return at + 1;
  }
  return script.length;
}
