/**
 * Eta templates of balls, rendered. They are compiled here and evaluated elsewhere, see
 * `evaluator.ts`.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import type { Facts } from "../facts/mod.ts";
import type { Params } from "../params/mod.ts";
import { printable } from "../terminal/printable.ts";
import { type Compile, type Compiled, loadCompiler, TemplateSyntaxError } from "./compile.ts";
import { type Evaluator, startEvaluator } from "./evaluator.ts";
import { EvaluatorError } from "./evaluator_error.ts";
import { TemplateFolder } from "./templates.ts";
import { ViewText } from "./view_text.ts";

/** What a template sees besides its ball's name. */
export interface TemplateView {
  /** The node's name: `it.node`. */
  readonly node: string;
  /** The merged tree: `it.params`, `it.param()`, `it.keys()`, `it.has()`. */
  readonly params: Params;
  /** The machine: `it.facts`. */
  readonly facts: Facts;
}

/** How a {@linkcode EtaRenderer} works. */
export interface EtaOptions {
  /** Milliseconds that the templates of one ball may take together; 10,000 if not given. */
  readonly timeout?: number;
  /** Starts what evaluates; not given but in tests. */
  readonly start?: () => Evaluator;
}

/** Rendered content by the template's path. */
export type Rendered = Map<string, Uint8Array<ArrayBuffer>>;

/**
 * Renders the templates of many balls with one evaluator, which is started when the first template
 * comes, or before. Close it before the mount namespace that it was started in is to go away.
 */
export class EtaRenderer implements AsyncDisposable {
  readonly #timeout: number;
  readonly #start: () => Evaluator;
  readonly #views = new ViewText();
  #evaluator: Evaluator | undefined;
  #compile: Compile | undefined;
  #requests = 0;
  #isClosed = false;

  /** Starts nothing before {@linkcode prepare} or {@linkcode render}. */
  constructor({ timeout = 10_000, start = startEvaluator }: EtaOptions = {}) {
    this.#timeout = timeout;
    this.#start = start;
  }

  /** Start the evaluator already, which takes a while, and go on meanwhile. */
  prepare(): void {
    this.#isClosed = false;
    this.#evaluator ??= this.#start();
  }

  /**
   * The content that templates of a ball (paths relative to `templates/`) render to. Throws a
   * {@linkcode DiscoError} that names template, ball and line for the first that fails.
   */
  async render(ball: Ball, templates: readonly string[], view: TemplateView): Promise<Rendered> {
    if (templates.length === 0) return new Map();
    // Started first: it gets ready while Eta is loaded.
    this.prepare();
    this.#compile ??= await loadCompiler();
    const compiled = compileAll(this.#compile, ball, templates);
    const results = await this.#ask(ball, templates, compiled, view);
    return new Map(templates.map((template, index) => {
      const { text, error = "there was no answer", lines = [] } = results[index] ?? {};
      if (text === undefined) {
        const [line] = lines.map(compiled[index]!.lineOf).filter((known) => known !== undefined);
        throw failure(ball, template, line, error);
      }
      return [template, new TextEncoder().encode(text)];
    }));
  }

  /** End the evaluator, if there is one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const evaluator = this.#evaluator;
    this.#evaluator = undefined;
    await evaluator?.close();
  }

  /** The same as {@linkcode close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(
    ball: Ball,
    templates: readonly string[],
    compiled: readonly Compiled[],
    view: TemplateView,
  ): Promise<Result[]> {
    try {
      return await this.#exchange(ball, compiled, view);
    } catch (cause) {
      if (!(cause instanceof EvaluatorError)) throw cause;
      if (this.#isClosed || templates.length === 1) throw ofTemplates(ball, templates, cause);
    }
    // Which one it was is found out by having them one at a time.
    const results: Result[] = [];
    for (const [i, template] of templates.entries()) {
      results.push(...await this.#ask(ball, [template], [compiled[i]!], view));
    }
    return results;
  }

  async #exchange(
    ball: Ball,
    compiled: readonly Compiled[],
    view: TemplateView,
  ): Promise<Result[]> {
    const id = ++this.#requests;
    const codes = JSON.stringify(compiled.map(({ code }) => code));
    const request = `{"view":${this.#views.of(ball, view)},"templates":${codes}}`;
    this.prepare();
    const evaluator = this.#evaluator!;
    try {
      return parseAnswer(
        await evaluator.ask(JSON.stringify({ id, request }), this.#timeout),
        id,
        compiled.length,
      );
    } catch (error) {
      // It cannot be used for the next ball.
      if (this.#evaluator === evaluator) this.#evaluator = undefined;
      await evaluator.close();
      throw error;
    }
  }
}

interface Result {
  text?: string;
  error?: string;
  /** Lines of the code that the error came through, innermost first. */
  lines?: number[];
}

/** What comes back is from the evaluator, in which a ball's code has been at work. */
function parseAnswer(answer: string, id: number, most: number): Result[] {
  const wrong = (why: string) => new EvaluatorError(`the renderer gave ${why}`);
  let parsed, results;
  try {
    parsed = Object(JSON.parse(answer));
    if (parsed.id !== id) throw wrong("an answer to another question");
    if (typeof parsed.results !== "string") throw wrong("no answer");
    results = JSON.parse(parsed.results);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw wrong(`a wrong answer: ${messageOf(cause)}`);
  }
  if (!Array.isArray(results) || results.length > most) throw wrong("a wrong answer");
  return results.map(parseResult);
}

function parseResult(result: unknown): Result {
  const { text, error, lines } = Object(result);
  return {
    ...(typeof text === "string" && { text }),
    ...(typeof error === "string" && { error }),
    ...(Array.isArray(lines) && { lines: lines.filter(Number.isInteger) }),
  };
}

function ofTemplates(ball: Ball, templates: readonly string[], cause: EvaluatorError): DiscoError {
  const shown = templates.map((template) => `"${printable(`templates/${template}`)}"`);
  return new DiscoError(
    `Cannot render ${shown.length > 1 ? "one of the templates" : "template"} ` +
      `${shown.join(", ")} of ball "${ball.name}": ${cause.message}`,
    { cause },
  );
}

function compileAll(compile: Compile, ball: Ball, templates: readonly string[]): Compiled[] {
  using folder = new TemplateFolder(ball);
  return templates.map((template) => compileOne(compile, ball, folder, template));
}

function compileOne(
  compile: Compile,
  ball: Ball,
  folder: TemplateFolder,
  template: string,
): Compiled {
  let text: string;
  try {
    const { bytes } = folder.read(template);
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw failure(ball, template, undefined, "it is not UTF-8");
    throw error;
  }
  try {
    return compile(text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    throw failure(ball, template, error.line, error.message);
  }
}

function failure(
  ball: Ball,
  template: string,
  line: number | undefined,
  what: string,
): DiscoError {
  const where = line === undefined ? "" : `, line ${line}`;
  return new DiscoError(
    `Cannot render template "${printable(`templates/${template}`)}" of ball "${ball.name}"` +
      `${where}: ${printable(what)}`,
  );
}
