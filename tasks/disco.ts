/**
 * The command `disco NAME ...`: one subcommand for each row of the table of commands.
 *
 * @module
 */
import { runCommand } from "../lib/command_line/run_command.ts";
import {
  completions,
  helpText,
  manPage,
  nearest,
  overview,
  SHELLS,
} from "../lib/command_line/mod.ts";
import { EVALUATOR, evaluatorMain } from "../lib/render/evaluator_main.ts";
import { configure, error, print, printJson } from "../lib/terminal/mod.ts";
import { VERSION } from "../lib/program/version.ts";
import { commandOf, COMMANDS } from "./all.ts";

/** What is answered from the table alone; nothing else is loaded. */
const ANSWERS: Readonly<Record<string, (words: readonly string[]) => number>> = {
  help,
  version,
  completions: complete,
  man,
};
const ALIASES: Readonly<Record<string, string>> = {
  "--help": "help",
  "-h": "help",
  "--version": "version",
  "-V": "version",
};

/** Run `disco NAME ...`; the result is the exit code. */
export async function main([given = "help", ...argv]: readonly string[]): Promise<number> {
  if (given === EVALUATOR) {
    await evaluatorMain();
    return 0;
  }
  const command = commandOf(given);
  if (command) return await runCommand(command, argv);
  const name = Object.hasOwn(ALIASES, given) ? ALIASES[given]! : given;
  if (Object.hasOwn(ANSWERS, name)) return ANSWERS[name]!(argv);
  return unknown(given, argv.includes("--json"));
}

function help([name, ...more]: readonly string[]): number {
  if (name === undefined) print(overview(COMMANDS));
  const command = name === undefined ? undefined : commandOf(name);
  if (command) print(helpText(command));
  else if (name !== undefined) return unknown(name);
  return more.length === 0 ? 0 : wrong(`Unexpected word "${more[0]}"`, "disco help COMMAND");
}

function version(words: readonly string[]): number {
  if (words.length > 0) return wrong(`Unexpected word "${words[0]}"`, "disco --version");
  print(`disco ${VERSION} (deno ${Deno.version.deno})`);
  return 0;
}

function complete([word, ...more]: readonly string[]): number {
  const shell = SHELLS.find((one) => one === word);
  if (!shell || more.length > 0) {
    return wrong("Expected the name of a shell", `disco completions ${SHELLS.join("|")}`);
  }
  print(completions(shell, COMMANDS));
  return 0;
}

function man([name, ...more]: readonly string[]): number {
  const command = commandOf(name ?? "");
  if (more.length > 0 || name === undefined) {
    return wrong("Expected the name of one command", "disco man COMMAND");
  }
  if (!command) return unknown(name);
  print(manPage(command, VERSION));
  return 0;
}

function unknown(name: string, json = false): number {
  const near = nearest(name, [...COMMANDS.map((one) => one.name), ...Object.keys(ANSWERS)]);
  const did = near === undefined ? "" : `did you mean "disco ${near}"? `;
  return wrong(`Unknown command ${JSON.stringify(name)}`, `${did}see disco help`, json);
}

function wrong(message: string, hint: string, json = false): number {
  configure({ json });
  error(message, `  what to do: ${hint}`);
  if (json) printJson({ schema: 1, ok: false, error: { message, hint, code: 3 } });
  return 3;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
