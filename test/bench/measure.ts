/**
 * Programs measured in a throw-away host.
 *
 * @module
 */
import type { ThrowawayHost } from "../host/mod.ts";

/** What one run took. */
export interface Figures {
  /** Wall time. */
  readonly seconds: number;
  /** Seconds of processor time, of all that it started and waited for (GNU time, `%U` and `%S`). */
  readonly cpu: number;
  /** MiB: the most that any one process of it had in memory (GNU time, `%M`). */
  readonly memory: number;
}

const CLOCK = `start=$EPOCHREALTIME
/usr/bin/time --quiet --format '%M %U %S' --output /tmp/peak "$@" >/tmp/said 2>/tmp/complaints
code=$?
echo "$start $EPOCHREALTIME $code"`;

/** Run a program that must succeed. What it prints goes to a file, and is returned too. */
export async function measure(
  host: ThrowawayHost,
  argv: readonly string[],
): Promise<Figures & { stdout: string }> {
  const clocked = ["bash", "-c", CLOCK, "bash", ...argv];
  const said = await host.run(clocked, { env: { LC_ALL: "C" }, timeout: 300_000 });
  const [start = 0, end = 0, code] = said.trim().split(" ").map(Number);
  if (code !== 0) {
    throw new Error(`"${argv.join(" ")}" ended with ${code}: ${host.read("/tmp/complaints")}`);
  }
  const [memory = 0, user = 0, system = 0] = host.read("/tmp/peak").trim().split(" ").map(Number);
  const stdout = host.read("/tmp/said");
  return { seconds: end - start, cpu: user + system, memory: memory / 1024, stdout };
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
