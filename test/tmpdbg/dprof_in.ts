import { Session } from "node:inspector/promises";
const [mode, ...argv] = Deno.args;
const t0 = performance.now();
if (mode === "plain") {
  const { main } = await import("../../tasks/disco.ts");
  Deno.exit(await main(argv));
}
const s = new Session();
s.connect();
await s.post("Profiler.enable");
await s.post("Profiler.setSamplingInterval", { interval: 100 });
await s.post("Profiler.start");
const { main } = await import("../../tasks/disco.ts");
const t1 = performance.now();
const code = await main(argv);
const t2 = performance.now();
const { profile } = await s.post("Profiler.stop") as any;
const self = new Map<string, number>(), total = new Map<string, number>();
const byId = new Map<number, any>();
const parent = new Map<number, number>();
for (const n of profile.nodes) {
  byId.set(n.id, n);
  for (const c of n.children ?? []) parent.set(c, n.id);
}
const name = (n: any) =>
  `${n.callFrame.functionName || "(anon)"} ${
    n.callFrame.url.replace(/.*\/(lib|tasks|deno\/npm)/, "$1")
  }:${n.callFrame.lineNumber + 1}`;
const dt = profile.timeDeltas;
profile.samples.forEach((id: number, i: number) => {
  const d = dt[i] / 1000;
  const n = byId.get(id);
  const nm = name(n);
  self.set(nm, (self.get(nm) ?? 0) + d);
  const seen = new Set<string>();
  for (let k: number | undefined = id; k !== undefined; k = parent.get(k)) {
    const x = name(byId.get(k));
    if (!seen.has(x)) {
      seen.add(x);
      total.set(x, (total.get(x) ?? 0) + d);
    }
  }
});
const top = (m: Map<string, number>, k: number) =>
  [...m].sort((a, b) => b[1] - a[1]).slice(0, k).map(([n, v]) => `${v.toFixed(1).padStart(8)} ${n}`)
    .join("\n");
console.error(`import ${(t1 - t0).toFixed(0)} main ${(t2 - t1).toFixed(0)}`);
console.error("SELF\n" + top(self, 30));
console.error("TOTAL\n" + top(total, 60));
Deno.exit(code);
