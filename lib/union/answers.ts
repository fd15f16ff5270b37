/**
 * Whether the server of a file system answers.
 *
 * @module
 */
import type { Spot } from "../door/mod.ts";
import { runSync } from "../process/run_sync.ts";

/**
 * Asks in the background, and looks for an end for about two seconds: a process that waits for a
 * server may not be ended even by SIGKILL, and must not be waited for.
 */
const ASK = `
stat --file-system "$1" >/dev/null 2>&1 </dev/null & asked=$!
for pause in 0.002 0.005 0.01 0.05 0.1 0.2 0.5 0.5 0.5; do
  sleep "$pause"
  kill -0 "$asked" 2>/dev/null || exit 0
done
kill -KILL "$asked"
exit 1`;

/** Whether a file system says something, if only that it refuses, when it is asked (statfs(2)). */
export function answers(place: Spot): boolean {
  const path = `/proc/${Deno.pid}/fd/${place.fd}`;
  // It bounds itself.
  const options = { stdout: "null", stderr: "null" } as const;
  return runSync(["sh", "-c", ASK, "sh", path], options).code === 0;
}
