import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("./prof_in.ts", import.meta.url));
await using host = await throwawayHost();
host.write("/run/ball/scripts/1", "true\n");
const r = await host.exec([
  Deno.execPath(),
  "run",
  "-A",
  "--no-check",
  "--config",
  CONFIG,
  PROGRAM,
  "40",
], { timeout: 100000 });
console.log(r.stdout, r.stderr);
