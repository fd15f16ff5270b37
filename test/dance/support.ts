/**
 * Words for tests of whole dances: a host, a universe on it, a dance, and what must not have changed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { it } from "@std/testing/bdd";
import type { Result } from "../../mod.ts";
import {
  compareTrees,
  type HostOptions,
  type HostProcess,
  type Outcome,
  type ThrowawayHost,
  throwawayHost,
  type Tree,
} from "../host/mod.ts";

/** The universe of the tests, as hosts see it too. */
export const UNIVERSE = fromFileUrl(new URL("../universe", import.meta.url));

/** The files of a ball, by their path in it; those in `scripts/` and `post/` are bash without `#!`. */
export type BallFiles = Readonly<Record<string, string>>;

/** Where {@linkcode give} puts its universe: in no tree of the host, and the sandbox has its own. */
export const GIVEN = "/run/universe";

/** The options for the universe of {@linkcode give}. */
export const FROM_GIVEN = ["--server", GIVEN, "--node", "n"];

/** A host that DISCO knows nothing of yet. */
export async function freshHost(options: HostOptions = {}): Promise<ThrowawayHost> {
  const host = await throwawayHost(options);
  host.mkdir("/var/disco");
  return host;
}

/** Give the host a universe in which node "n" dances these balls, in the place of the last one. */
export async function give(
  host: ThrowawayHost,
  balls: Readonly<Record<string, BallFiles>>,
): Promise<void> {
  await host.run(["rm", "-rf", GIVEN]);
  for (const [ball, files] of Object.entries(balls)) {
    host.write(`${GIVEN}/parameters/n/modules/${ball}`, "");
    host.mkdir(`${GIVEN}/balls/${ball}`);
    for (const [path, content] of Object.entries(files)) {
      host.write(`${GIVEN}/balls/${ball}/${path}`, content);
    }
  }
}

/** A dance with `--json`: how it ended, and what it said about itself. */
export interface Danced extends Outcome {
  readonly result: Result;
}

/** Dance with `--json`; standard output must be one document. */
export async function dance(host: ThrowawayHost, ...options: string[]): Promise<Danced> {
  const outcome = await host.disco("dance", "--json", ...options);
  return { ...outcome, result: parse(outcome) };
}

/** Dance a ball "a" of these files, and nothing else. */
export async function danceBall(
  host: ThrowawayHost,
  files: BallFiles,
  ...options: string[]
): Promise<Danced> {
  await give(host, { a: files });
  return await dance(host, ...FROM_GIVEN, ...options);
}

function parse({ stdout, stderr }: Outcome): Result {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`The dance printed no JSON document: ${stdout}${stderr}`);
  }
}

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
 * All processes but those of the server that {@linkcode serve} starts, one a connection. One that
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

/** "type mode owner:group" of a path of the host, as numbers. */
export function attributes(host: ThrowawayHost, path: string): string | undefined {
  const stat = host.lstat(path);
  return stat && `${stat.type} ${stat.mode.toString(8).padStart(4, "0")} ${stat.uid}:${stat.gid}`;
}

/** What a dance says of its changes, without the time at which it wrote them. */
export function changesOf({ changes }: Result): unknown[] {
  return changes.map((change) => ({
    ...change,
    after: change.after && { ...change.after, mtime: "" },
  }));
}

/** The paths of the changes. */
export function pathsOf({ changes }: Result): string[] {
  return changes.map(({ path }) => path);
}

/** Put a program into the host that writes down how it was called, a line each, in `/run/calls`. */
export function stub(host: ThrowawayHost, path: string, more = ""): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  host.write(path, `#!/bin/sh\necho "${name} $*" >>/run/calls\n${more}`, 0o755);
}

/** How the {@linkcode stub}s were called. */
export function calls(host: ThrowawayHost): string[] {
  return host.exists("/run/calls") ? host.read("/run/calls").trimEnd().split("\n") : [];
}

/** Paths that differ in more than these fields, printed as a tree prints them. */
export function differing(
  before: Tree,
  after: Tree,
  apart: readonly string[] = ["mtime"],
): string[] {
  const only = new RegExp(`: (${apart.join("|")}) \\S+ -> \\S+$`);
  const lines = compareTrees(before, after).filter((line) => !only.test(line));
  return [...new Set(lines.map((line) => line.replace(/: .*$/s, "")))].sort();
}

/** Programs of the host that the universe of the tests asks for: the same on every machine. */
export function stubServices(host: ThrowawayHost): void {
  const wants = "/etc/systemd/system/multi-user.target.wants";
  stub(
    host,
    "/usr/bin/systemctl",
    `[ "$1" != enable ] || { mkdir -p ${wants} && ln -s "/etc/systemd/system/$2" ${wants}; }\n`,
  );
  stub(host, "/usr/sbin/service");
  stub(host, "/usr/sbin/sysctl");
  // The real one runs hooks of packages, which write times into what they make.
  host.write(
    "/usr/sbin/update-ca-certificates",
    "#!/bin/sh\nln -s /usr/local/share/ca-certificates/example-root.crt /etc/ssl/certs/example-root.pem\n",
    0o755,
  );
}

/** Serve a folder of the host by an rsync daemon in the host; the address of its module. */
export async function serve(
  host: ThrowawayHost,
  folder: string,
  ...more: string[]
): Promise<string> {
  // The host's network is its own: nobody else can have the port.
  const port = "8730";
  const config = ["use chroot = no", "uid = 0", "gid = 0", "lock file = /run/rsyncd.lock"];
  host.write("/run/rsyncd.conf", [...config, "[disco]", `path = ${folder}`, ""].join("\n"));
  const argv = ["rsync", "--daemon", "--no-detach", "--config=/run/rsyncd.conf"];
  const daemon = host.spawn([...argv, `--port=${port}`, ...more], { timeout: 300_000 });
  await daemon.pid();
  await answers(host, port);
  return `rsync://127.0.0.1:${port}/disco`;
}

/** Wait until something in the host listens on a port. */
export async function answers(host: ThrowawayHost, port: string): Promise<void> {
  const attempt = `exec 3<>/dev/tcp/127.0.0.1/${port}`;
  await host.run(["bash", "-c", `until (${attempt}) 2>/dev/null; do sleep 0.02; done`]);
}

/** As `it`, and skipped where the machine, and with it a host, has no such program. */
export function itWith(program: string): typeof it | typeof it.ignore {
  try {
    Deno.statSync(program);
    return it;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return it.ignore;
    throw error;
  }
}
