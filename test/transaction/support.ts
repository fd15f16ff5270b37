/**
 * What the tests of the merge have in common: a gate at which a ball waits, and trees that are looked
 * at.
 *
 * @module
 */
import { lstat, readdir } from "../../lib/posix/mod.ts";
import { printable } from "../../lib/terminal/printable.ts";
import { readEntry } from "../host/entry.ts";
import type { Act } from "../host/act.ts";
import type { Scene, ThrowawayHost } from "../host/mod.ts";

/**
 * A script that lets the test act while the ball runs: it prints `ready` and waits for
 * {@linkcode openGate}. What is open stays open.
 */
export const GATE = 'echo ready; until [ "$(cat /srv/gate)" = open ]; do sleep 0.02; done';

/** Let the balls go on. */
function openGate(host: ThrowawayHost): void {
  host.write("/srv/gate", "open");
}

/** Dance, and do something to the host while the ball waits at the gate. */
export function danceWhile(scene: Scene, disturb: () => unknown): Act {
  scene.host.write("/srv/gate", "");
  return scene.danceInWords().meanwhile(/ready/, async () => {
    await disturb();
    openGate(scene.host);
  });
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
