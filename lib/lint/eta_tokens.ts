/**
 * The code of an Eta template: what stands in its tags, taken apart as far as it takes to tell
 * strings from code, and comments from both.
 *
 * @module
 */

/** A piece of code. */
export interface Token {
  /** `computed`: a string of which only the beginning is known. */
  readonly kind: "code" | "string" | "computed";
  /** Code with its comments blanked; the value of a string, or its beginning. */
  readonly text: string;
  /** Offset in the template. */
  readonly start: number;
}

const PIECE =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*?(?=\n|%>|$)|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\\[\s\S]|%>|[\s\S]/y;

/** The tokens of all tags, in order. */
export function etaTokens(template: string): Token[] {
  const tokens: Token[] = [];
  let at = template.indexOf("<%");
  while (at >= 0) at = template.indexOf("<%", scanCode(template, at + 2, "%>", tokens));
  return tokens;
}

/** Scan code up to its end, as which a tag has `%>` and an expression in a string `}`. */
function scanCode(text: string, from: number, end: "%>" | "}", tokens: Token[]): number {
  let [code, start, depth, at] = ["", from, 0, from];
  const flush = (next: number) => {
    if (code !== "") tokens.push({ kind: "code", text: code, start });
    [code, start] = ["", next];
  };
  while (at < text.length) {
    PIECE.lastIndex = at;
    const [piece] = PIECE.exec(text)!;
    const next = at + piece.length;
    if (piece === end && depth === 0) {
      flush(next);
      return next;
    }
    if (piece === "`") {
      flush(at);
      at = start = scanTemplate(text, next, tokens);
      continue;
    }
    if (piece.startsWith("/*") || piece.startsWith("//")) code += piece.replaceAll(/[^\n]/g, " ");
    else if (/^["']./s.test(piece)) {
      flush(next);
      tokens.push(literal(piece.slice(1, -1), at));
    } else {
      if (end === "}") depth += piece === "{" ? 1 : piece === "}" ? -1 : 0;
      code += piece;
    }
    at = next;
  }
  flush(at);
  return at;
}

/** Scan a string in backticks; the code in it comes after it. */
function scanTemplate(text: string, from: number, tokens: Token[]): number {
  const inner: Token[] = [];
  let at = from;
  let beginning: string | undefined;
  while (at < text.length && text[at] !== "`") {
    if (text.startsWith("${", at)) {
      beginning ??= text.slice(from, at);
      at = scanCode(text, at + 2, "}", inner);
    } else at += text[at] === "\\" ? 2 : 1;
  }
  tokens.push(
    beginning === undefined
      ? literal(text.slice(from, at), from - 1)
      : { kind: "computed", text: literal(beginning, from).text, start: from - 1 },
    ...inner,
  );
  return at + 1;
}

/** What a backslash means is left open: a key has none. */
function literal(text: string, start: number): Token {
  const [beginning = "", ...rest] = text.split("\\");
  return { kind: rest.length > 0 ? "computed" : "string", text: beginning, start };
}
