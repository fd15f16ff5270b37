/**
 * Effects, on the live system.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import { supervise } from "../supervise.ts";
import type { Effect } from "./record.ts";

/** How an effect ended. */
export interface EffectOutcome {
  readonly effect: Effect;
  readonly ok: boolean;
  /** What went wrong; empty when nothing did. */
  readonly error: string;
}

/** With what an effect is carried out. */
export interface EffectOptions {
  readonly env: Record<string, string>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly onLine: (line: string) => void;
}

/** Carry out one effect; never throws for what the command does. */
export async function carryOut(effect: Effect, options: EffectOptions): Promise<EffectOutcome> {
  try {
    const cwd = isDirectory(effect.cwd) ? effect.cwd : "/";
    const { code, signal, late } = await supervise(effect.argv, { ...options, cwd });
    const error = late
      ? `did not end within ${options.timeout / 1000} s and was killed`
      : signal
      ? `was killed by ${signal}`
      : code !== 0
      ? `ended with exit code ${code}`
      : "";
    return { effect, ok: error === "", error };
  } catch (error) {
    return { effect, ok: false, error: messageOf(error) };
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
