/**
 * The command `disco NAME ...`: one subcommand for each script in this folder.
 *
 * @module
 */
import { type Command, runCommand } from "../lib/command.ts";
import { EVALUATOR, evaluatorMain } from "../lib/render/evaluator_main.ts";
import { print } from "../lib/terminal/mod.ts";
import { commands } from "./all.ts";

/** Run `disco NAME ...`; the result is the exit code. */
export async function main([name = "help", ...argv]: readonly string[]): Promise<number> {
  if (name === EVALUATOR) {
    await evaluatorMain();
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return await runCommand(name, await load(), argv);
  await help();
  return ["help", "--help", "-h"].includes(name) ? 0 : 3;
}

async function help(): Promise<void> {
  const lines = Object.entries(commands).map(async (
    [name, load]: [string, () => Promise<Command>],
  ) => `  ${name.padEnd(12)}${(await load()).summary}`);
  print(
    `usage: disco COMMAND [OPTIONS], disco COMMAND --help\n\n${
      (await Promise.all(lines)).join("\n")
    }`,
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
