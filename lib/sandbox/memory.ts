/**
 * How much memory a script may use, and that it is ended before others.
 *
 * @module
 */
import { SETTINGS } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";

const MEMORY = "disco/client/memory";
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, "": 1 };

/** Bytes, from the setting `disco/client/memory`: such as `75%` of the machine's memory, or `2G`. */
export function memoryLimit(setting: string | undefined): number {
  const text = setting || SETTINGS[MEMORY].fallback;
  const [, number, unit = ""] = /^([1-9]\d{0,14})([KMG%]?)$/.exec(text) ?? [];
  if (number === undefined || (unit === "%" && Number(number) > 100)) {
    throw new DiscoError(
      `Cannot use ${MEMORY} = "${text}": expected a size such as "75%" or "2G"`,
      {
        code: 3,
      },
    );
  }
  const total = Deno.systemMemoryInfo().total;
  const bytes = unit === "%" ? total / 100 * Number(number) : Number(number) * UNITS[unit]!;
  return Math.floor(Math.min(bytes, total));
}

/** How much rather than others it is ended when the machine has no memory left (proc_pid_oom_score_adj(5)). */
const SCORE = 500;
const SCORE_FILE = "/proc/self/oom_score_adj";

/**
 * Start a program in a function: it inherits that the kernel ends it before DISCO. Root of the
 * sandbox cannot take that back where DISCO may lower it.
 */
export function endingFirst<T>(start: () => T): T {
  let before: string;
  try {
    before = Deno.readTextFileSync(SCORE_FILE).trim();
    if (Number(before) < SCORE) Deno.writeTextFileSync(SCORE_FILE, String(SCORE));
  } catch {
    // Not to be had in this /proc.
    return start();
  }
  try {
    return start();
  } finally {
    Deno.writeTextFileSync(SCORE_FILE, before);
  }
}
