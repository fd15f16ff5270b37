import { survey } from "../../lib/sandbox/survey.ts";
import { launch } from "../../lib/sandbox/launch.ts";
import { ENVIRONMENT, inUnion } from "../escape/sandbox.ts";
const options = { env: ENVIRONMENT, timeout: 60_000, onLine: console.error };
await inUnion("/run/ball", async (sandbox) => {
  await launch(sandbox, ["bash", `/run/disco/ball/scripts/1`], options);
  Deno.writeTextFileSync(sandbox.union.mountpoint + "/opt/x", "x");
  const t: number[] = [];
  for (let i = 0; i < 60; i++) {
    const s = performance.now();
    survey(sandbox);
    t.push(performance.now() - s);
  }
  console.log("survey touched", t.toSorted((a, b) => a - b)[30]!.toFixed(2), t[1]!.toFixed(2));
});
