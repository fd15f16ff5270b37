/**
 * What it costs to try a script in the union instead of running it on the host.
 *
 * @module
 */
import type { Result } from "../../mod.ts";
import { freshHost } from "../dance/support.ts";
import type { Job } from "./job.ts";

/** Milliseconds of a job's one script on the host, and in the dry run; a line to print. */
export async function costOf(job: Job, dry: Result): Promise<string> {
  const [script, content] = Object.entries(job.ball).find(([path]) => path.startsWith("scripts/"))!;
  await using host = await freshHost();
  await host.run(["bash", "-ec", job.before ?? ""]);
  const argv = ["bash", "-c", `TIMEFORMAT=%R; time { ${content}; }`];
  const onHost = 1000 * Number((await host.exec(argv)).stderr.trim());
  const inUnion = 1000 * dry.metrics.find(({ name }) => name === script)!.time_real;
  return `cost: ${job.name}: ${onHost.toFixed(0)} ms on the host, ${
    inUnion.toFixed(0)
  } ms in the ` +
    `dry run: ${(inUnion - onHost).toFixed(0)} ms more, ${(inUnion / onHost).toFixed(1)} times`;
}
