/**
 * What the sandbox costs: the start of a script in it beside the start of a plain bash.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
import { median } from "./measure.ts";

/** One way to run a script that does nothing. */
export interface StartRow {
  readonly what: string;
  readonly milliseconds: number;
  /** Of processor time, of all that was started: the mean, because the kernel counts by tens. */
  readonly cpu: number;
  /** How many times as long as a plain bash. */
  readonly ratio: number;
}

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("starting.ts", import.meta.url));
const RUNS = 50;

/** Measure both in turns; medians. */
export async function measureStarts(runs = RUNS): Promise<StartRow[]> {
  await using host = await throwawayHost();
  host.write("/run/ball/scripts/1", "true\n");
  const options = ["-A", "--no-check", "--config", CONFIG];
  const said = await host.run([Deno.execPath(), "run", ...options, PROGRAM, String(runs)]);
  const { plain, walled }: Record<"plain" | "walled", Cost[]> = JSON.parse(said);
  const [bash, sandbox] = [typical(plain), typical(walled)];
  const row = (what: string, { wall, cpu }: Cost) => ({
    what: `start of a script: ${what}`,
    milliseconds: wall,
    cpu,
    ratio: wall / bash.wall,
  });
  return [
    row("plain bash", bash),
    row("in the sandbox", sandbox),
    row("what the sandbox adds", {
      wall: sandbox.wall - bash.wall,
      cpu: sandbox.cpu - bash.cpu,
    }),
  ];
}

/** What one start took, in milliseconds. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

function typical(costs: readonly Cost[]): Cost {
  const sum = costs.reduce((all, { cpu }) => all + cpu, 0);
  return { wall: median(costs.map(({ wall }) => wall)), cpu: sum / costs.length };
}
