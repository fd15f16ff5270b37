import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("../bench/starting.ts", import.meta.url));
await using host = await throwawayHost();
host.write("/run/ball/scripts/1", "true\n");
const extra = Deno.args[0] === "all" ? [] : ["--seccomp-bpf", "-e", "trace=" + Deno.args[0]];
const r = await host.exec([
  "strace",
  "-f",
  "-ttt",
  "-T",
  "-qq",
  "-e",
  "signal=none",
  ...extra,
  "-o",
  "/tmp/trace",
  Deno.execPath(),
  "run",
  "-A",
  "--no-check",
  "--config",
  CONFIG,
  PROGRAM,
  "3",
], { timeout: 100000 });
console.log(r.stdout, r.stderr);
Deno.writeTextFileSync("/tmp/trace.out", host.read("/tmp/trace"));
