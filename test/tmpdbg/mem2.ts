import { throwawayHost } from "../host/mod.ts";
import { discoArgv } from "../bench/contenders.ts";
import { measure, median } from "../bench/measure.ts";
import { SIZES, writeUniverse } from "../bench/universe.ts";
const size = Deno.args[0] as "small" | "large";
const runs = Number(Deno.args[1]);
await using host = await throwawayHost();
writeUniverse(host, SIZES[size]);
const res: Record<string, any[][]> = {};
for (let i = 0; i < runs; i++) {
  for (
    const flags of [
      "--max-lazy",
      "--optimize-for-size",
      "--max-semi-space-size=1,--optimize-for-size",
    ]
  ) {
    await host.run(["rm", "-rf", "/opt/bench", "/var/disco", "/.disco"]);
    const d = () => ["env", `DENO_V8_FLAGS=${flags}`, ...discoArgv("dance", "--quiet")];
    const a = await measure(host, d());
    const b = await measure(host, d());
    (res[flags] ??= []).push([a.seconds, a.cpu, a.memory, b.seconds, b.cpu, b.memory]);
  }
}
for (const [f, l] of Object.entries(res)) {
  console.log(
    f.padEnd(46),
    [0, 1, 2, 3, 4, 5].map((k) => median(l.map((x) => x[k]!)).toFixed(2)).join("  "),
  );
}
