/**
 * Eta templates, compiled to JavaScript and not evaluated. Eta says in which line a tag begins, but
 * only in a mode that changes what some templates mean (`<% [1].forEach(...` becomes `3[1]...`), so
 * the lines are kept beside the code.
 *
 * @module
 */
import type { Eta } from "eta";
import { messageOf } from "../error/mod.ts";

/** A compiled template: the body of a function of `it` and `options`. */
export interface Compiled {
  readonly code: string;
  /** The template's line for a line of the code, both from 1; undefined for Eta's own lines. */
  lineOf(codeLine: number): number | undefined;
}

/** A template that cannot be compiled. */
export class TemplateSyntaxError extends Error {
  override name = "TemplateSyntaxError";
  constructor(message: string, readonly line: number | undefined) {
    super(message);
  }
}

/** Compiles a template; throws a {@linkcode TemplateSyntaxError}. */
export type Compile = (template: string) => Compiled;

type Nodes = Parameters<Eta["compileBody"]>[0];

/** A piece of the code, and the line of the template that its first line comes from. */
interface Piece {
  readonly code: string;
  readonly line: number;
}

/** Load Eta, which is worth its 5 ms only where there are templates. */
export async function loadCompiler(): Promise<Compile> {
  const { Eta } = await import("eta");
  return (source) => {
    const mark = markFor(source);
    const template = marked(source, mark);
    let pieces: Piece[] = [];
    const eta = new Eta({ autoEscape: false, autoTrim: false });
    eta.compileBody = (nodes) => {
      pieces = piecesOf(template, nodes, mark);
      return pieces.map(({ code }) => code).join("");
    };
    const code = etaCode(eta, template);
    checkSyntax(code, pieces);
    return { code, lineOf: lineMap(code, pieces) };
  };
}

/** Blanks, of which one stands for each carriage return: Eta would make one newline of both. */
const MARKS = ["\u205f", "\u2004", "\u2005", "\u2006", "\u2008", "\u200a", "\u3000"];

function markFor(source: string): string {
  const mark = MARKS.find((blank) => !source.includes(blank));
  if (mark !== undefined || !source.includes("\r")) return mark ?? "";
  throw new TemplateSyntaxError("it has carriage returns and every kind of rare blank", undefined);
}

/** What a hyphen in a tag trims is a whole newline. */
function marked(source: string, mark: string): string {
  return source.replaceAll(/(?<=[-_]%>)\r\n|\r\n(?=<%[-_])/g, "\n").replaceAll("\r", mark);
}

function etaCode(eta: Eta, template: string): string {
  try {
    return eta.compileToString(template);
  } catch (error) {
    const [message = ""] = messageOf(error).split("\n");
    const found = /^(.*) at line (\d+) col \d+:$/.exec(message);
    throw new TemplateSyntaxError(found?.[1] ?? message, found ? Number(found[2]) : undefined);
  }
}

/** Like Eta's own `compileBody`, but that a comment may end a tag, and lines are counted. */
function piecesOf(template: string, nodes: Nodes, mark: string): Piece[] {
  let at = 0;
  let line = 1;
  const advance = (to: number) => {
    line += template.slice(at, to).split("\n").length - 1;
    at = to;
  };
  return nodes.map((node) => {
    if (typeof node === "string") {
      const text = mark === "" ? node : node.replaceAll(mark, "\\r");
      return { code: `__eta.res+='${text}';\n`, line };
    }
    const value = node.val ?? "";
    const js = mark === "" ? value : value.replaceAll(mark, "\r");
    const tag = template.indexOf("<%", at);
    advance(template.indexOf(value, tag + 2));
    const piece = {
      code: node.t === "e" ? `${js}\n` : `__eta.res+=__eta.f(${js}\n);\n`,
      line,
    };
    advance(at + value.length);
    return piece;
  });
}

function lineMap(code: string, pieces: Piece[]): Compiled["lineOf"] {
  const body = pieces.map((piece) => piece.code).join("");
  const start = newlines(code.slice(0, code.indexOf(body)));
  const lines = pieces.flatMap((piece) =>
    piece.code.split("\n").slice(0, -1).map((_, index) => piece.line + index)
  );
  return (codeLine) => lines[codeLine - 1 - start];
}

/** Parses the code, which evaluates nothing of it. */
function checkSyntax(code: string, pieces: Piece[]): void {
  try {
    new Function("it", "options", code);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TemplateSyntaxError(error.message, syntaxErrorLine(pieces));
  }
}

const SENTINEL = "#disco";

/**
 * V8 does not tell where a function's code is wrong. The first piece is to blame after which the
 * parser does not get as far as a token that is wrong anywhere.
 */
function syntaxErrorLine(pieces: Piece[]): number | undefined {
  let code = "";
  for (const piece of pieces) {
    code += piece.code;
    try {
      new Function(`${code}${SENTINEL}`);
    } catch (error) {
      if (!messageOf(error).includes(SENTINEL)) return piece.line;
    }
  }
  return pieces.at(-1)?.line;
}

function newlines(text: string): number {
  return text.split("\n").length - 1;
}
