import { launch } from "../../lib/sandbox/launch.ts";
import { supervise } from "../../lib/process/supervise.ts";
import { ENVIRONMENT, inUnion } from "../escape/sandbox.ts";
const P = (globalThis as any).P = {
  t: {} as Record<string, number[]>,
  last: 0,
  mark(name: string) {
    const n = performance.now();
    (this.t[name] ??= []).push(n - this.last);
    this.last = performance.now();
  },
};
const options = { env: ENVIRONMENT, timeout: 60_000, onLine: console.error };
await inUnion("/run/ball", async (sandbox) => {
  await launch(sandbox, ["bash", `/run/disco/ball/scripts/1`], options);
  P.t = {};
  const all: number[] = [];
  for (let i = 0; i < Number(Deno.args[0]); i++) {
    const s = performance.now();
    P.last = s;
    await launch(sandbox, ["bash", `/run/disco/ball/scripts/1`], options);
    P.mark("rest after");
    all.push(performance.now() - s);
  }
  const med = (l: number[]) => l.toSorted((a, b) => a - b)[l.length >> 1]!.toFixed(2);
  for (const [k, l] of Object.entries(P.t)) console.log(k.padEnd(24), med(l));
  console.log("whole", med(all));
});
