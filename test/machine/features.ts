/**
 * What the kernel of a machine can do of that which DISCO uses or could use.
 *
 * @module
 */
import type { Machine } from "./machine.ts";

const [SHELL, PERL] = ["features.sh", "features.pl"].map((name) =>
  Deno.readTextFileSync(new URL(name, import.meta.url))
) as [string, string];

/** Lines "feature: answer". */
export async function featuresOf(machine: Machine): Promise<string[]> {
  const facts = [
    `kernel: ${(await machine.run(["uname", "-r"])).trim()}`,
    `systemd: ${(await machine.run(["systemctl", "--version"])).split(" ")[1]}`,
    `run by: ${machine.accelerator}`,
  ];
  const probe = ["unshare", "--mount", "bash", "-uc", SHELL];
  const answers = await machine.run(probe, { stdin: PERL });
  return [...facts, ...answers.trimEnd().split("\n")];
}
