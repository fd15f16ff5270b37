/**
 * The second table of `deno task escape`: what comes from outside of the sandbox's walls.
 *
 * @module
 */
import { messageOf } from "../../lib/error/mod.ts";
import { type Attack, type Mode, MODES } from "./attack.ts";
import { ATTACKS } from "./attacks/mod.ts";
import { CONTROLS } from "./controls.ts";
import { copyWith } from "./mutant.ts";
import { run } from "./run.ts";

const HEAD = ["from outside", ...Object.values(MODES), "with the old mistake"];

/** Print it row by row, as each takes a few seconds; `filter` is a part of what is tried. */
export async function printOutside(filter = ""): Promise<void> {
  const rows = ATTACKS.filter(({ what }) => what.includes(filter));
  printRow(HEAD);
  printRow(HEAD.map(() => "---"));
  const broken: string[] = [];
  for (const attack of rows) {
    const cells: string[] = [];
    for (const mode of Object.keys(MODES) as Mode[]) {
      const wrong = attack.modes.includes(mode) ? await wrongOf(attack, mode) : undefined;
      cells.push(wrong === undefined ? "" : wrong.length === 0 ? "held" : "**BROKEN**");
      if (wrong?.length) broken.push(`${MODES[mode]}: ${attack.what}: ${wrong.join("; ")}`);
    }
    printRow([attack.what, ...cells, await controlOf(attack)]);
  }
  console.log(`\n${rows.length} attacks from outside: ${broken.length} broken`);
  for (const line of broken) console.log(`- ${line}`);
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
}

async function wrongOf(attack: Attack, mode: Mode): Promise<readonly string[]> {
  try {
    return (await run(attack, mode)).wrong;
  } catch (error) {
    return [messageOf(error)];
  }
}

async function controlOf(attack: Attack): Promise<string> {
  const mistakes = attack.control === undefined ? undefined : CONTROLS[attack.control];
  if (!mistakes) return "";
  const mode = attack.modes.includes("live") ? "live" : attack.modes[0]!;
  const { wrong } = await run(attack, mode, (host) => copyWith(host, mistakes));
  return wrong.length > 0 ? "succeeds" : "**held, too**";
}
