import { throwawayHost } from "../host/mod.ts";
import { discoArgv } from "../bench/contenders.ts";
import { measure } from "../bench/measure.ts";
import { NODE, SIZES, UNIVERSE, writeUniverse } from "../bench/universe.ts";
for (
  const flags of [
    "--max-lazy",
    "--max-semi-space-size=1",
    "--max-semi-space-size=4",
    "--optimize-for-size",
    "--max-semi-space-size=2 --single-threaded-gc",
  ]
) {
  await using host = await throwawayHost();
  writeUniverse(host, SIZES.huge);
  const d =
    () => ["env", `DENO_V8_FLAGS=${flags.split(" ").join(",")}`, ...discoArgv("dance", "--quiet")];
  const a = await measure(host, d());
  const b = await measure(host, d());
  console.log(
    flags.padEnd(50),
    "first",
    a.seconds.toFixed(2),
    a.cpu.toFixed(2),
    a.memory.toFixed(0),
    "second",
    b.seconds.toFixed(2),
    b.cpu.toFixed(2),
    b.memory.toFixed(0),
  );
}
