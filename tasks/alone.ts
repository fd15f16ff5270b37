/**
 * Runs a script of this folder by itself, as `disco NAME` does.
 *
 * @module
 */
import { runCommand } from "../lib/command_line/run_command.ts";
import type { Main } from "../lib/command_line/mod.ts";
import { commandOf } from "./all.ts";

/** Run the command of a name with the words of this process; the result is the exit code. */
export async function runAlone(name: string, main: Main): Promise<number> {
  // To load the script that runs already would wait for its end.
  const load = () => Promise.resolve({ main });
  return await runCommand({ ...commandOf(name)!, load }, Deno.args);
}
