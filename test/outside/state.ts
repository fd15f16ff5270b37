/**
 * What of the host counts, before and after.
 *
 * @module
 */
import { compareTrees, type ThrowawayHost, type Tree } from "../host/mod.ts";

/** The host at one moment. */
export interface Seen {
  readonly tree: Tree;
  readonly mounts: readonly string[];
  /** What lies on file systems in memory, which the tree does not hold: a line each. */
  readonly memory: readonly string[];
}

/** Look at everything but DISCO's own folders. */
export async function look(host: ThrowawayHost): Promise<Seen> {
  return { tree: host.tree(), mounts: host.mounts(), memory: await memoryOf(host) };
}

/** What differs, a line each that begins with the path. */
export async function differences(host: ThrowawayHost, before: Seen): Promise<string[]> {
  const now = await look(host);
  const memory = new Set(before.memory).symmetricDifference(new Set(now.memory));
  const mounts = new Set(before.mounts).symmetricDifference(new Set(now.mounts));
  return [
    ...compareTrees(before.tree, now.tree),
    ...[...memory].map((line) => `${line.replace(/^[0-9a-f]{64} {2}/, "")}: differs`),
    ...[...mounts].map((line) => `mount ${line}`),
  ];
}

/** Bash: type, mode, owner, size and content of everything in memory. */
const LIST = `
skip='-path /run/disco -o -path /run/universe -o -path /run/test -o -name .disco'
places=$(findmnt -rno TARGET -t tmpfs | grep -vE '^/(dev|sys|tmp)') || exit
set -f
find $places -xdev \\( $skip \\) -prune -o ! -type f -printf '%p %y %m %U:%G %l\\n'
find $places -xdev \\( $skip \\) -prune -o -type f -printf '%p %y %m %U:%G %s\\n'
find $places -xdev \\( $skip \\) -prune -o -type f -size -4M -exec sha256sum {} +
true
`;

async function memoryOf(host: ThrowawayHost): Promise<string[]> {
  // Where a user changes names all the time, some are gone again.
  return (await host.run(["bash", "-c", LIST])).trimEnd().split("\n").sort();
}
