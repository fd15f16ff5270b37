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
  const { plain, walled }: Record<"plain" | "walled", number[]> = JSON.parse(said);
  const [bash, sandbox] = [median(plain), median(walled)];
  return [
    { what: "start of a script: plain bash", milliseconds: bash, ratio: 1 },
    { what: "start of a script: in the sandbox", milliseconds: sandbox, ratio: sandbox / bash },
    {
      what: "start of a script: what the sandbox adds",
      milliseconds: sandbox - bash,
      ratio: (sandbox - bash) / bash,
    },
  ];
}
