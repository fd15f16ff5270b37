/**
 * What it costs to try a script in the union instead of running it on the host.
 *
 * @module
 */

import type { Job } from "./job.ts";
import { newScene, Scene } from "../host/mod.ts";

/** The time of a job's one script on the host and in a dry run, with nothing beside it; a line to print. */
export async function costOf({ name, before = "", ball }: Job): Promise<string> {
  await using host = (await newScene()).host;
  await host.run(["bash", "-ec", before]);
  const [script, content] = Object.entries(ball).find(([path]) => path.startsWith("scripts/"))!;
  const timed = await host.exec(["bash", "-c", `TIMEFORMAT=%R; time { ${content}; }`]);
  const { result } = await new Scene(host).ball("a", ball).dryRun();
  const onHost = 1000 * Number(timed.stderr.trim());
  const inUnion = 1000 * result.metrics.find((metric) => metric.name === script)!.time_real;
  return `cost: ${name}: ${onHost.toFixed(0)} ms on the host, ${inUnion.toFixed(0)} ms in the ` +
    `dry run: ${(inUnion - onHost).toFixed(0)} ms more, ${(inUnion / onHost).toFixed(1)} times`;
}
