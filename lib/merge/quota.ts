/**
 * What the quota groups of btrfs leave: statfs(2) does not show it, and their limits bind root.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { BTRFS } from "../posix/mod.ts";
import { findProgram } from "../process/find_program.ts";
import { run, RunError } from "../process/run.ts";

/** Milliseconds that btrfs(8) gets. */
const PATIENCE = 10_000;

/**
 * Bytes that the quota groups of the subvolume of a directory have left; undefined where there are no
 * limits, where they are not kept, and without btrfs(8).
 */
export async function leftByQuota(directory: Tree): Promise<number | undefined> {
  const btrfs = directory.space().type === BTRFS ? findProgram("btrfs") : undefined;
  if (btrfs === undefined) return undefined;
  const argv = [btrfs, "qgroup", "show", "--raw", "-re", "-F"];
  try {
    const path = `/proc/${Deno.pid}/fd/${directory.fd}`;
    return leftIn(await run([...argv, path], { timeout: PATIENCE, env: { LC_ALL: "C" } }));
  } catch (error) {
    // Without quotas it fails.
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

/** The least that one of the groups has left, from the table of `btrfs qgroup show --raw -re`. */
export function leftIn(table: string): number | undefined {
  const left = table.split("\n").flatMap((line) => {
    const [group = "", ...columns] = line.trim().split(/\s+/);
    if (!/^\d+\/\d+$/.test(group)) return [];
    const [referenced, exclusive, mostReferenced, mostExclusive] = columns.map(Number);
    return [mostReferenced! - referenced!, mostExclusive! - exclusive!];
  }).filter((bytes) => !Number.isNaN(bytes));
  return left.length > 0 ? Math.max(0, Math.min(...left)) : undefined;
}
