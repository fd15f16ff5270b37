/**
 * The only place that prints. Lines begin with what they are: `info:`, `warning:`, `error:`,
 * `report:`. Warnings and errors go to standard error, the rest to standard output; with `json`
 * standard output is left to one document.
 *
 * @module
 */
export { printable, printableLine } from "./printable.ts";
import { printableLine } from "./printable.ts";

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
let options: TerminalOptions = { json: false, quiet: false, verbose: false };

/** Set what is shown; each command does so once, from its options. */
export function configure(to: Partial<TerminalOptions>): void {
  options = { ...options, ...to };
}

/** What is going on; not shown with `quiet` or `json`. */
export function info(text: string): void {
  if (!options.quiet && !options.json) line("info", text);
}

/** Details; shown with `verbose` only. */
export function debug(text: string): void {
  if (options.verbose && !options.json) line("debug", text);
}

/** Outcome: shown with `quiet` too. */
export function report(text: string): void {
  if (!options.json) line("report", text);
}

/** Something to look at. */
export function warning(text: string): void {
  line("warning", text);
}

/** Something went wrong. */
export function error(text: string): void {
  line("error", text);
}

/** Text as it is, without a prefix, to standard output: what the command was asked for. */
export function print(text: string): void {
  write(Deno.stdout, encoder.encode(text.endsWith("\n") || text === "" ? text : `${text}\n`));
}

/** Bytes as they are, to standard output. */
export function printBytes(bytes: Uint8Array): void {
  write(Deno.stdout, bytes);
}

/** One JSON document to standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** The text in the colour of `code` (SGR), if standard output is a terminal that wants colour. */
export function colour(code: string, text: string): string {
  return code && hasColour(Deno.stdout) ? `\x1b[${code}m${text}\x1b[0m` : text;
}

function line(kind: Kind, text: string): void {
  const to = kind === "warning" || kind === "error" ? Deno.stderr : Deno.stdout;
  const code = COLOUR[kind];
  const prefix = code && hasColour(to) ? `\x1b[${code}m${kind}:\x1b[0m` : `${kind}:`;
  const lines = text.split("\n").map((l) => `${prefix} ${printableLine(l)}\n`);
  write(to, encoder.encode(lines.join("")));
}

function hasColour(to: { isTerminal(): boolean }): boolean {
  return !Deno.env.get("NO_COLOR") && to.isTerminal();
}

function write(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let done = 0; done < bytes.length;) done += to.writeSync(bytes.subarray(done));
  } catch (error) {
    // A reader such as `head` that has seen enough is no failure of the dance.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
