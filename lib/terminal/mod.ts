/**
 * The only place that prints. Lines begin with what they are: `info:`, `warning:`, `error:`,
 * `report:`. Warnings and errors go to standard error, the rest to standard output; with `json`
 * standard output is left to one document.
 *
 * Each argument of the functions for lines is one line: whatever foreign text it holds, a line feed
 * in it is shown as `\n`, and never begins a line.
 *
 * @module
 */
export { jsonPieces } from "./json.ts";
export type { Progress } from "./progress_text.ts";
export { printable, printableLine, shellWord, shortened, terminalLine } from "./printable.ts";
import { jsonPieces } from "./json.ts";
import { type LostOutput, Output } from "./output.ts";
import { pagerOf, showInPager } from "./pager.ts";
import { printable, printableLine } from "./printable.ts";
import type { Progress } from "./progress_text.ts";
import { StatusLine } from "./status_line.ts";

/** What is shown, and how. */
export interface TerminalOptions {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
}

type Kind = "info" | "warning" | "error" | "report" | "debug";

const COLOUR: Record<Kind, string> = {
  info: "",
  debug: "2",
  report: "1",
  warning: "33",
  error: "31",
};
const encoder = new TextEncoder();
const stdout = new Output(Deno.stdout);
const stderr = new Output(Deno.stderr);
const status = new StatusLine((text) => stderr.write(encoder.encode(text), "line"));
let options: TerminalOptions = { json: false, quiet: false, verbose: false };

/** Set what is shown; each command does so once, from its options. */
export function configure(to: Partial<TerminalOptions>): void {
  options = { ...options, ...to };
}

/** What is going on; not shown with `quiet` or `json`. */
export function info(...lines: string[]): void {
  if (!options.quiet && !options.json) show("info", lines);
}

/** Details; shown with `verbose` only. */
export function debug(...lines: string[]): void {
  if (options.verbose && !options.json) show("debug", lines);
}

/** Outcome: shown with `quiet` too. */
export function report(...lines: string[]): void {
  if (!options.json) show("report", lines);
}

/** Something to look at. */
export function warning(...lines: string[]): void {
  show("warning", lines);
}

/** Something went wrong. */
export function error(...lines: string[]): void {
  show("error", lines);
}

/** What is known of something that went wrong. */
export interface Failure {
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** What the command that failed has printed, and was shown by {@linkcode info} already. */
  readonly output?: readonly string[];
}

/** Something went wrong, and what to do about it; with `quiet` also what was not shown before. */
export function failure({ message, hint, output = [] }: Failure): void {
  if (options.quiet && !options.json) show("error", output.map((line) => `  ${line}`));
  error(message, ...(hint ? [`  what to do: ${hint}`] : []));
}

/** Where an error came from, with `verbose` or `DISCO_DEBUG`: for those who look for its cause. */
export function debugStack(thrown: Error): void {
  if (!options.verbose && !Deno.env.get("DISCO_DEBUG")) return;
  for (let one: unknown = thrown; one instanceof Error; one = one.cause) {
    show("error", (one.stack ?? one.message).split("\n").map((line) => `  ${line}`));
  }
}

/** Says how far something has come. */
export type ShowProgress = (progress: Progress) => void;

/**
 * Do something, and show meanwhile, in one line of a terminal, what it is and how long it takes. Where
 * standard error is not a terminal that can take a line back, nothing is shown, and `action` gets
 * nothing to show its progress with.
 */
export async function during<T>(
  what: string,
  action: (show?: ShowProgress) => Promise<T>,
): Promise<T> {
  if (!hasStatusLine()) return await action();
  const { show, end } = status.begin(printable(what));
  try {
    return await action(show);
  } finally {
    end();
  }
}

function hasStatusLine(): boolean {
  return !options.quiet && !options.json && Deno.stderr.isTerminal() &&
    Deno.env.get("TERM") !== "dumb";
}

/** Print something; what is longer than the terminal goes through the pager, as git does it. */
export async function paged(print: () => void): Promise<void> {
  const pager = options.json ? undefined : pagerOf(Deno.stdout);
  if (!pager) return print();
  stdout.hold();
  try {
    print();
  } finally {
    const held = stdout.release();
    if (!await showInPager(pager, held)) { for (const bytes of held) stdout.write(bytes, "line"); }
  }
}

/** A line without a prefix, in the colour of `code` (SGR); not shown with `json`. */
export function plain(line: string, code = ""): void {
  if (!options.json) stdout.write(encoder.encode(`${colour(code, printableLine(line))}\n`), "line");
}

/** A question to a person at a terminal, on standard error, without an end of line. */
export function ask(question: string): void {
  stderr.write(encoder.encode(`${printableLine(question)}: `), "line");
}

/** Text as it is, without a prefix, to standard output: what the command was asked for. */
export function print(text: string): void {
  const whole = text.endsWith("\n") || text === "" ? text : `${text}\n`;
  stdout.write(encoder.encode(whole), "document");
}

/** Bytes as they are, to standard output. */
export function printBytes(bytes: Uint8Array): void {
  stdout.write(bytes, "document");
}

/** A document to standard output, in pieces: it can be longer than a string. */
export function printPieces(pieces: Iterable<string>): void {
  stdout.writeAll(pieces, "document");
}

/** One JSON document to standard output. */
export function printJson(value: unknown): void {
  printPieces(jsonPieces(value, 2));
}

/** Whether anything was printed that a command was asked for. */
export function hasDocument(): boolean {
  return stdout.hasDocument;
}

/** What of standard output could not be written; a reader that has seen enough does not count. */
export function lostOutput(): LostOutput | undefined {
  return stdout.lost;
}

/** The text in the colour of `code` (SGR), if standard output is a terminal that wants colour. */
export function colour(code: string, text: string): string {
  return code && hasColour(Deno.stdout) ? `\x1b[${code}m${text}\x1b[0m` : text;
}

function show(kind: Kind, lines: readonly string[]): void {
  const isError = kind === "warning" || kind === "error";
  const code = COLOUR[kind];
  const isColoured = code && hasColour(isError ? Deno.stderr : Deno.stdout);
  const prefix = isColoured ? `\x1b[${code}m${kind}:\x1b[0m` : `${kind}:`;
  const text = lines.map((line) => `${prefix} ${printableLine(line)}\n`).join("");
  status.hide();
  (isError ? stderr : stdout).write(encoder.encode(text), "line");
  status.draw();
}

function hasColour(to: { isTerminal(): boolean }): boolean {
  return !Deno.env.get("NO_COLOR") && to.isTerminal();
}
