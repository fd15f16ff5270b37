/**
 * Starts the throw-away host, and asks the probe.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { throwawayHost } from "../host/mod.ts";
import type { Findings } from "./inside.ts";

const HERE = fromFileUrl(new URL(".", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** What the probe found. */
export async function findEscapes(): Promise<Findings> {
  await using host = await throwawayHost();
  const key = "/var/disco/parameters/n/escape";
  host.write(key, "value\n");
  host.mkdir("/etc/disco");
  await host.run(["sh", "-euc", PREPARE, "sh", `${HERE}probe`]);
  const program = [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    "--config",
    CONFIG,
    `${HERE}inside.ts`,
  ];
  await host.run(["perl", `${HERE}terminal.pl`, ...program], { almighty: true, timeout: 180_000 });
  return JSON.parse(host.read("/run/findings.json"));
}

/** What a host that has booted has, and a throw-away one has not. */
const PREPARE = `
cp -a "$1" /run/ball
mount -o remount,rw /sys
for kind in debugfs:kernel/debug tracefs:kernel/tracing bpf:fs/bpf; do
  mount -t "\${kind%:*}" none "/sys/\${kind#*:}" || :
done
mkdir /sys/fs/bpf/pinned || :
`;
