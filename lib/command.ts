/**
 * A command: a script in `tasks/`, alone or as `disco NAME`.
 *
 * @module
 */
import { COMMON_HELP } from "./context/mod.ts";
import { DiscoError } from "./error.ts";
import { requireOwnCode } from "./own_code.ts";
import { configure, error, print } from "./terminal/mod.ts";

/** What a script in `tasks/` exports. */
export interface Command {
  /** One line on what it does. */
  readonly summary: string;
  /** Words and own options, for `--help`: the first line follows the command's name. */
  readonly usage: string;
  /** Run it; the result is the exit code of design section 13. */
  main(argv: readonly string[]): number | Promise<number>;
}

/** Run a command as a program: help, errors as lines, an exit code. */
export async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
): Promise<number> {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  if (own.some((a) => a === "--help" || a === "-h")) {
    print(`${command.summary}.\n\nusage: disco ${name} ${command.usage}\n\n${COMMON_HELP}`);
    return 0;
  }
  configure({
    json: own.includes("--json"),
    quiet: own.includes("--quiet") || own.includes("-q"),
    verbose: own.includes("--verbose") || own.includes("-v"),
  });
  try {
    requireOwnCode();
    return await command.main(argv);
  } catch (e) {
    if (!(e instanceof DiscoError)) throw e;
    error(e.hint ? `${e.message}\n  what to do: ${e.hint}` : e.message);
    return e.code;
  }
}
