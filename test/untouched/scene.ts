/**
 * A host on which a few things run.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type HostOptions, type ThrowawayHost, throwawayHost } from "../host/mod.ts";

const SCENE = fromFileUrl(new URL("scene.pl", import.meta.url));

// The kernel has one list of keys for all hosts: two files of tests would see each other's keys. So
// the one that comes second waits here. The lock ends with the worker that runs the file.
Deno.openSync(SCENE).lockSync(true);

/** Start a host with listeners, sleepers, shared memory, queues and a key: see `scene.pl`. */
export async function busyHost(options: HostOptions = {}): Promise<ThrowawayHost> {
  const host = await throwawayHost(options);
  for (const folder of ["/var/disco", "/run/disco", "/dev/mqueue", "/srv"]) host.mkdir(folder);
  await host.run(["mount", "-t", "mqueue", "mqueue", "/dev/mqueue"]);
  const forever = { timeout: 3_600_000 };
  await host.spawn(["perl", SCENE], forever).printed(/ready/);
  await host.spawn(["bash", "-c", "exec -a untouched-sleeper sleep 3600"], forever).pid();
  // A program reads its libraries and settings when it starts, and that leaves an access time, once a
  // day: here, and not in the dance that is looked at.
  await host.disco("dance", "--noop");
  return host;
}
