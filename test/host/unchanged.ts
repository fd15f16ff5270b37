/**
 * What a dry run, or a failed one, must leave of a throw-away host: everything, as it was.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ThrowawayHost } from "./host.ts";
import type { HostProcess } from "./state.ts";
import { compareTrees, type Tree } from "./tree.ts";

/** Everything of a host that a dry run, or a failed one, must leave as it was. */
export interface State {
  /** Paths that are left out. */
  readonly own: readonly string[];
  readonly tree: Tree;
  /** Stricter than the tree: a file that was copied up and left as it was shows. */
  readonly snapshot: Tree;
  readonly mounts: readonly string[];
  readonly processes: readonly HostProcess[];
}

/** The host as it is now, but for DISCO's `own` state. */
export function stateOf(host: ThrowawayHost, own: readonly string[] = ["/var/disco"]): State {
  const [tree, snapshot] = [host.tree(own), host.snapshot(own)];
  return { own, tree, snapshot, mounts: host.mounts(), processes: processesOf(host) };
}

/** Nothing has changed: no file, mount or process, and DISCO's run folder holds its lock at most. */
export async function assertUnchanged(host: ThrowawayHost, before: State): Promise<void> {
  assertEquals(compareTrees(before.tree, host.tree(before.own)), []);
  assertEquals(compareTrees(before.snapshot, host.snapshot(before.own)), []);
  await assertNothingLeft(host, before);
}

/** No mount, process or folder of the dance is left; its changes may be. */
export async function assertNothingLeft(host: ThrowawayHost, before: State): Promise<void> {
  assertEquals(host.mounts(), before.mounts);
  // A killed process of the server may be on its way out still.
  for (let i = 0; processesOf(host).length > before.processes.length && i < 200; i++) {
    await new Promise((done) => setTimeout(done, 10));
  }
  assertEquals(processesOf(host), before.processes);
  assertEquals(await names(host, "/run/disco"), host.exists("/run/disco") ? ["lock"] : []);
  assertEquals((await names(host, "/var/disco")).filter((name) => name.startsWith("scratch")), []);
}

/**
 * All processes but those of the server that a universe that is served, one a connection. One that
 * is on its way out, of an earlier test perhaps, has no arguments any more.
 */
function processesOf(host: ThrowawayHost): HostProcess[] {
  return host.processes().filter(({ argv }) => argv.length > 0 && !argv.includes("--daemon"));
}

/** The names in a folder, sorted. */
export async function names(host: ThrowawayHost, folder: string): Promise<string[]> {
  if (!host.exists(folder)) return [];
  const listing = await host.run([
    "find",
    folder,
    "-mindepth",
    "1",
    "-maxdepth",
    "1",
    "-printf",
    "%f\\0",
  ]);
  return listing.split("\0").filter(Boolean).sort();
}
