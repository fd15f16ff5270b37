import { throwawayHost } from "../host/mod.ts";
import { discoArgv } from "../bench/contenders.ts";
import { SIZES, writeUniverse } from "../bench/universe.ts";
await using host = await throwawayHost();
writeUniverse(host, SIZES.small);
const argv = [...discoArgv("dance", "--quiet"), ...Deno.args];
await host.exec(argv, { timeout: 300000 });
await host.exec([
  "strace",
  "-f",
  "-ttt",
  "--seccomp-bpf",
  "-e",
  "trace=execve,exit_group",
  "-s",
  "60",
  "-o",
  "/tmp/trace",
  "-e",
  "signal=none",
  ...argv,
], { timeout: 300000 });
Deno.writeTextFileSync("/tmp/trace.out", host.read("/tmp/trace"));
