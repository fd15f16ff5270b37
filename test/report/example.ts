/**
 * A dance as an example, and a place to keep it.
 *
 * @module
 */
import { type Roots, rootsFor } from "../../lib/state/roots.ts";
import { emptyUsage, type Metric } from "../../lib/metrics/mod.ts";
import type { Result } from "../../lib/result/mod.ts";
import { change, file } from "../changes/entries.ts";

export const DANCE = "20261122T235959Z-0a1b2c";

/** A step that took so many seconds. */
export function step(
  ball: string | null,
  stage: string,
  name: string,
  time_real: number,
  fields: Partial<Metric> = {},
): Metric {
  return { ...emptyUsage(), ball, stage, name, time_real, ...fields };
}

/** A live dance of two balls, one of which failed. */
export function exampleResult(fields: Partial<Result> = {}): Result {
  return {
    schema: 1,
    dance: DANCE,
    node: "node.example.org",
    noop: false,
    ok: false,
    merged: true,
    started: "2026-11-22T23:59:59.000Z",
    finished: "2026-11-23T00:00:02.500Z",
    error: null,
    generation: DANCE,
    balls: [
      { name: "users", status: "ok", changes: 1, error: null },
      { name: "web", status: "failed", changes: 0, error: 'script "10.sh" ended with 3' },
    ],
    changes: [
      change("created", null, file(), {
        path: "/etc/motd",
        balls: ["users"],
        diff: "--- /dev/null\n+++ b/etc/motd\n@@ -0,0 +1 @@\n+hi\n",
      }),
    ],
    effects: [
      { ball: "users", script: "1.sh", argv: ["systemctl", "restart", "ssh"], status: "done" },
    ],
    notSimulated: [{
      ball: "web",
      script: "scripts/10",
      kind: "network",
      what: "connect to 192.0.2.1",
    }],
    metrics: [
      step(null, "fetch", "fetch", 1.26, { start: 0 }),
      step("users", "exec-run", "1.sh", 0.5, { start: 1.26, time_user: 0.25, mem_max: 4672 }),
      step("web", "exec-render", "exec-render", 0.1, { start: 1.8 }),
      step("web", "exec-run", "10.sh", 0.25, { start: 1.9, exit: 3 }),
    ],
    ...fields,
  };
}

/** Roots in a folder of their own, gone afterwards. */
export function temporaryRoots(): { dir: string; roots: Roots; [Symbol.dispose](): void } {
  const dir = Deno.makeTempDirSync();
  return {
    dir,
    roots: rootsFor(dir),
    [Symbol.dispose]: () => Deno.removeSync(dir, { recursive: true }),
  };
}
