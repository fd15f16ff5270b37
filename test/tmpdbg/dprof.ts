import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
import { SIZES, writeUniverse } from "../bench/universe.ts";
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("./dprof_in.ts", import.meta.url));
const size = (Deno.args[0] ?? "small") as keyof typeof SIZES;
await using host = await throwawayHost();
writeUniverse(host, SIZES[size]);
const env = ["env", "DENO_NO_UPDATE_CHECK=1"];
const argv = (
  mode: string,
) => [
  ...env,
  Deno.execPath(),
  "run",
  "-A",
  "--no-check",
  "--config",
  CONFIG,
  PROGRAM,
  mode,
  "dance",
  "--server",
  "/srv/universe",
  "--node",
  "bench",
  ...(Deno.args[2] ? [Deno.args[2]] : []),
];
if (Deno.args[1] !== "first") {
  const f = await host.exec(argv("plain"), { timeout: 300000 });
  console.log(f.stdout.split("\n").slice(-3).join("\n"), f.stderr.slice(0, 500));
}
const r = await host.exec(argv("prof"), { timeout: 300000 });
console.log(r.stdout.split("\n").slice(-3).join("\n"), r.stderr.slice(-6000));
