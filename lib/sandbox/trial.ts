/**
 * Runs a command in the sandbox to see how it ends: it has no network, asks for nothing, and what it
 * writes is the caller's to throw away.
 *
 * @module
 */
import type { SandboxOptions } from "./bubblewrap.ts";
import { environmentOf, LIVE_PATH, type ScriptIdentity } from "./environment.ts";
import { launch } from "./launch.ts";
import { OFFLINE } from "../init/mod.ts";
import type { Outcome } from "./outcome.ts";
import { outOfMemory } from "./script.ts";

/** What to run, and how long. */
export interface TrialOptions extends SandboxOptions {
  readonly identity: ScriptIdentity;
  readonly argv: readonly string[];
  readonly seconds: number;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Run a command; everything that it started has ended when this returns. */
export async function runTrial(options: TrialOptions): Promise<Outcome> {
  const { identity, argv, seconds, onLine, signal } = options;
  const ending = await launch({ ...options, network: false, leavesNothing: true }, argv, {
    env: { ...environmentOf({ ...identity, noop: true }, LIVE_PATH), ...OFFLINE },
    timeout: seconds * 1000,
    signal,
    onLine,
  });
  if (ending.late) return { kind: "late", seconds };
  if (signal?.aborted) return { kind: "interrupted" };
  if (ending.outOfMemory) return outOfMemory(options, ending.outOfMemory);
  if (ending.hopeless !== undefined) return { kind: "hopeless", question: ending.hopeless };
  if (ending.signal) return { kind: "not-started", why: `it was killed by ${ending.signal}` };
  // The shell that is process 1 says so of a command that a signal has ended.
  if (ending.code > 128 && ending.code < 128 + 65) {
    return { kind: "signaled", signal: ending.code - 128 };
  }
  return { kind: "exited", code: ending.code };
}
