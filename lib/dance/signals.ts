/**
 * Ctrl-C and its relatives.
 *
 * @module
 */
import type { Dance } from "./dance.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Run a part of a dance; a signal asks the dance to end, at a point where nothing is lost. */
export async function untilInterrupted<T>(
  dance: Pick<Dance, "interrupt">,
  part: () => Promise<T>,
): Promise<T> {
  const stop = () => dance.interrupt.abort();
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
  try {
    return await part();
  } finally {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
  }
}
