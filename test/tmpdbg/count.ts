import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
import { SIZES, writeUniverse } from "../bench/universe.ts";
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("./dprof_in.ts", import.meta.url));
const size = (Deno.args[0] ?? "small") as keyof typeof SIZES;
await using host = await throwawayHost();
writeUniverse(host, SIZES[size]);
const argv = [
  Deno.execPath(),
  "run",
  "-A",
  "--no-check",
  "--config",
  CONFIG,
  PROGRAM,
  "plain",
  "dance",
  "--server",
  "/srv/universe",
  "--node",
  "bench",
];
await host.exec(argv, { timeout: 300000 });
const r = await host.exec(["strace", "-o", "/tmp/trace", "-e", "signal=none", ...argv], {
  timeout: 300000,
});
console.log(r.stdout.split("\n").slice(-3).join("\n"));
Deno.writeTextFileSync("/tmp/trace.out", host.read("/tmp/trace"));
