/**
 * A command: a script in `tasks/`, alone or as `disco NAME`.
 *
 * @module
 */
import { COMMON_HELP } from "./context/mod.ts";
import { type DiscoError, explained } from "./error.ts";
import { requireOwnCode } from "./own_code.ts";
import {
  configure,
  debugStack,
  error,
  failure,
  hasDocument,
  lostOutput,
  print,
  printJson,
  warning,
} from "./terminal/mod.ts";

/** What a script in `tasks/` exports. */
export interface Command {
  /** One line on what it does. */
  readonly summary: string;
  /** Words and own options, for `--help`: the first line follows the command's name. */
  readonly usage: string;
  /** Run it; the result is the exit code of design section 13. */
  main(argv: readonly string[]): number | Promise<number>;
}

/** Run a command as a program: help, errors as lines, an exit code. Nothing is thrown. */
export async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
): Promise<number> {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = own.includes("--json");
  configure({
    json,
    quiet: own.includes("--quiet") || own.includes("-q"),
    verbose: own.includes("--verbose") || own.includes("-v"),
  });
  let code = 0;
  const fail = (reason: unknown) => {
    const e = explained(reason, `finish "disco ${name}"`);
    sayFailure(e, json);
    code = e.code;
  };
  const rejected = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    fail(event.reason);
  };
  const thrown = (event: ErrorEvent) => {
    event.preventDefault();
    fail(event.error);
  };
  addEventListener("unhandledrejection", rejected);
  addEventListener("error", thrown);
  try {
    if (!isHelp(own)) requireOwnCode();
    const ended = isHelp(own) ? help(name, command) : await command.main(argv);
    code ||= ended;
  } catch (e) {
    fail(e);
  } finally {
    removeEventListener("unhandledrejection", rejected);
    removeEventListener("error", thrown);
  }
  return sayLost() && code === 0 ? 1 : code;
}

function isHelp(words: readonly string[]): boolean {
  return words.some((word) => word === "--help" || word === "-h");
}

function help(name: string, { summary, usage }: Command): number {
  print(`${summary}.\n\nusage: disco ${name} ${usage}\n\n${COMMON_HELP}`);
  return 0;
}

/** On standard error for people; who asked for JSON gets a document, too. */
function sayFailure(e: DiscoError, json: boolean): void {
  failure(e);
  debugStack(e);
  if (!json || hasDocument()) return;
  const { message, hint = null, code } = e;
  printJson({ schema: 1, ok: false, error: { message, hint, code } });
}

/** Say that output was lost; whether that is a failure: lines for people are told elsewhere, too. */
function sayLost(): boolean {
  const lost = lostOutput();
  if (!lost) return false;
  const { message } = explained(lost.reason, "write to standard output");
  if (lost.what === "document") error(`${message}; what was asked for is not complete`);
  else {warning(
      `${message}; what is missing there can be seen with disco report, and disco history`,
    );}
  return lost.what === "document";
}
