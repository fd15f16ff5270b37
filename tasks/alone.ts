/**
 * Runs a script as a program of its own, as `disco NAME` does.
 *
 * @module
 */
import { runCommand } from "../lib/command_line/run_command.ts";
import type { CommandRow, Main } from "../lib/command_line/mod.ts";
import { commandOf } from "./all.ts";

/** Run the command of a name with the words of this process; the result is the exit code. */
export async function runAlone(name: string, main: Main): Promise<number> {
  return await runRow(commandOf(name)!, main);
}

/** The same for a row that is not in the table: a tool of the project. */
export async function runRow(row: CommandRow, main: Main): Promise<number> {
  // To load the script that runs already would wait for its end.
  const load = () => Promise.resolve({ main });
  return await runCommand({ ...row, load }, Deno.args);
}
