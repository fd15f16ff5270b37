/**
 * The program that runs in the throw-away host: `inside.ts SCRIPT [network] [leak] [WALL...]`
 * runs one script of bash in a sandbox without these walls, and prints how it ended and what it said.
 * With `leak` it inherits a descriptor of the host's /, the variable LEAK.
 *
 * @module
 */
import { launch } from "../../lib/sandbox/launch.ts";
import { O, openInherited } from "../../lib/posix/mod.ts";
import { type Refusal, type Wall, WALLS } from "../../lib/sandbox/mod.ts";
import { ENVIRONMENT, inUnion } from "../escape/sandbox.ts";

/** How a script ended, and what it printed. */
export interface Told {
  readonly code: number;
  readonly lines: readonly string[];
  readonly refusals: readonly Refusal[];
}

if (import.meta.main) {
  const [script = "", ...words] = Deno.args;
  const network = words.includes("network");
  const leak = words.includes("leak") ? openInherited("/", O.RDONLY) : -1;
  const without = words.filter((word) => word in WALLS) as Wall[];
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    console.error(line);
  };
  const options = { env: { ...ENVIRONMENT, LEAK: String(leak) }, timeout: 60_000, onLine };
  const told = await inUnion("/srv/ball", async (sandbox): Promise<Told> => {
    const argv = ["bash", "-c", script];
    const { code, refusals } = await launch({ ...sandbox, network }, argv, options, without);
    return { code, lines, refusals };
  });
  console.log(JSON.stringify(told));
}
