/**
 * What the tests of the merge have in common: a universe of one ball, and trees that are looked at.
 *
 * @module
 */
import { lstat, readdir } from "../../lib/posix/mod.ts";
import { printable } from "../../lib/terminal/printable.ts";
import { readEntry } from "../host/entry.ts";
import { type HostOptions, type Outcome, type ThrowawayHost, throwawayHost } from "../host/mod.ts";

/** Which universe, and which node of it. */
export const OWN = ["--server", "/srv/universe", "--node", "n"];

/** The parts of a dance's result that are looked at here. */
export interface Result {
  readonly ok: boolean;
  readonly error: string | null;
  readonly generation: string | null;
  readonly changes: readonly { path: string; kind: string }[];
  readonly notSimulated: readonly { what: string }[];
}

/** A host whose universe has one ball with one script. */
export async function hostWith(script: string, options?: HostOptions): Promise<ThrowawayHost> {
  const host = await throwawayHost(options);
  host.mkdir("/var/disco");
  teach(host, script);
  return host;
}

/** Give the ball another script. */
export function teach(host: ThrowawayHost, script: string): void {
  host.write("/srv/universe/parameters/n/modules/b", "");
  host.write("/srv/universe/balls/b/scripts/do", `${script}\n`);
}

/** Dance, whatever comes of it. */
export function dance(host: ThrowawayHost, ...options: string[]): Promise<Outcome> {
  return host.disco("dance", ...OWN, ...options);
}

/** Dance with success. */
export async function danced(host: ThrowawayHost): Promise<Result> {
  const { code, stdout, stderr } = await dance(host, "--json");
  if (code === 0) return JSON.parse(stdout);
  throw new Error(`the dance failed:\n${stderr}`);
}

/**
 * A script that lets the test act while the ball runs: it prints `ready` and waits for
 * {@linkcode openGate}. What is open stays open.
 */
export const GATE = 'echo ready; until [ "$(cat /srv/gate)" = open ]; do sleep 0.02; done';

/** Let the balls go on. */
export function openGate(host: ThrowawayHost): void {
  host.write("/srv/gate", "open");
}

/** Dance, and do something to the host while the ball waits at the gate. */
export async function danceWhile(
  host: ThrowawayHost,
  disturb: () => Promise<unknown> | void,
): Promise<Outcome> {
  host.write("/srv/gate", "");
  const running = host.spawn(host.discoArgv("dance", ...OWN));
  await running.printed(/ready/);
  await disturb();
  openGate(host);
  return await running.outcome;
}

/** Where the machine finds a path of the host. */
export function seenFromOutside(host: ThrowawayHost, path: string): string {
  return `/proc/${host.pid}/root${path}`;
}

/** Times before this are kept as they are when trees are described; later ones are "now". */
const NOW = 1_600_000_000_000_000_000n;

/**
 * A tree, a line for each path, so that two trees that were made by the same commands at different
 * times are the same lines. Which names are links of one inode is said, how many there are is not.
 * The times of folders can be left out.
 */
export function describeTree(
  host: ThrowawayHost,
  folder: string,
  { folderTimes = true }: { folderTimes?: boolean } = {},
): string[] {
  const root = seenFromOutside(host, folder);
  const first = new Map<string, string>();
  const lines: string[] = [];
  const visit = (path: string) => {
    const entry = readEntry(root + path)!;
    const { ino, dev } = lstat(root + path)!;
    // In an overlay without xino an inode number is that of its layer.
    const inode = `${dev} ${ino}`;
    const { names, nlink: _, mtime, ...rest } = entry;
    const linked = entry.type !== "directory" && first.get(inode);
    if (!linked) first.set(inode, path);
    const isTimed = folderTimes || entry.type !== "directory";
    const time = !isTimed ? "" : mtime >= NOW ? "now" : mtime;
    lines.push(printable(
      `${path || "."}: ${Object.values(rest).join(" ")} ${time}${linked ? ` = ${linked}` : ""}`,
    ));
    for (const name of names) visit(`${path}/${name}`);
  };
  visit("");
  return lines;
}

/** Names in a folder of the host, sorted. */
export function namesIn(host: ThrowawayHost, folder: string): string[] {
  return readdir(seenFromOutside(host, folder)).map(({ name }) => name).sort();
}
