/**
 * A command: a script in `tasks/`, alone or as `disco NAME`.
 *
 * @module
 */
import { type Command, helpText, parseOptions } from "./mod.ts";
import { type DiscoError, explained } from "../error/mod.ts";
import { requireOwnCode } from "../program/own_code.ts";
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
} from "../terminal/mod.ts";

/** Run a command as a program: help, errors as lines, an exit code. Nothing is thrown. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  const { name } = command;
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  // Letters of a command that is asked about are its own: disco policy ls -lh.
  const letters = (short: string) =>
    command.rest === undefined ? new RegExp(`^-[a-z]*${short}[a-z]*$`) : new RegExp(`^-${short}$`);
  const has = (long: string, short: string) =>
    own.some((word) => word === long || letters(short).test(word));
  const json = own.includes("--json");
  configure({ json, quiet: has("--quiet", "q"), verbose: has("--verbose", "v") });
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
    const ended = has("--help", "h") ? help(command) : await start(command, argv);
    code ||= ended;
  } catch (e) {
    fail(e);
  } finally {
    removeEventListener("unhandledrejection", rejected);
    removeEventListener("error", thrown);
  }
  return sayLost() && code === 0 ? 1 : code;
}

async function start(command: Command, argv: readonly string[]): Promise<number> {
  requireOwnCode();
  const options = parseOptions(argv, command);
  const { main } = await command.load();
  return await main(options, argv);
}

function help(command: Command): number {
  print(helpText(command));
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
