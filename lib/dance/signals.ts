/**
 * Ctrl-C and its relatives.
 *
 * Most of a dance is synchronous work, during which no listener of the runtime is called: there a
 * signal has its default action. The process ends at once, the kernel takes its mounts and its
 * sandbox down with it, and the next dance cleans up what else is left. While a dance waits for
 * something, a signal asks it to end, and it does so in order; if what it waits for does not end,
 * the process does. From the commit of a merge on it is
 * only noted, until the merge is complete.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { endAtOnce } from "../posix/mod.ts";
import { error } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a dance says that was asked to end. */
export const INTERRUPTED = "The dance was interrupted; nothing was merged";

/** Who can be asked to end. */
type Interruptible = Pick<Dance, "interrupt">;

/** Milliseconds that a dance has to end in when it was asked to. */
const GRACE_MS = 1500;

/** How many parts are at work that a signal may end. */
let parts = 0;
/** How many of what is at work wants to be asked. */
let patience = 0;
/** How many of these wait for something outside, so that nothing is lost if that goes on alone. */
let waits = 0;
/** Gives the signals back to the runtime, while they end the process at once. */
let giveBack: (() => void) | undefined;

/** Run a part of a dance: until it is over, signals do what this module says. */
export async function untilInterrupted<T>(
  dance: Interruptible,
  part: () => Promise<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    dance.interrupt.abort();
    timer ??= setTimeout(insist, GRACE_MS);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
  const patienceBefore = patience;
  parts++;
  settle();
  try {
    return await part();
  } finally {
    clearTimeout(timer);
    parts--;
    patience = patienceBefore;
    settle();
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
  }
}

/**
 * Wait for something: a signal asks the dance to end. With `leave` nobody waits for the thing then,
 * because it does not end when the dance is asked to.
 */
export async function whileWaiting<T>(
  { interrupt }: Interruptible,
  wait: () => Promise<T>,
  { leave = false } = {},
): Promise<T> {
  patience++;
  waits++;
  settle();
  try {
    return await (leave ? Promise.race([wait(), aborted(interrupt.signal)]) : wait());
  } finally {
    patience--;
    waits--;
    settle();
  }
}

/** What is waited for does not end, for instance because a disk hangs: nobody waits any more. */
function insist(): void {
  if (waits === 0) return;
  error("The dance does not end in order: it is ended, and the next one cleans up");
  giveBack ??= endAtOnce(SIGNALS);
  Deno.kill(Deno.pid, "SIGTERM");
}

/** From now on, until the part is over, a signal is only noted: what was begun is completed. */
export function complete(): void {
  patience++;
  settle();
}

/** Let the runtime go on with what waits, and call the listeners of signals that have come. */
export function nextTurn(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}

function settle(): void {
  const isMortal = parts > 0 && patience === 0;
  if (isMortal) giveBack ??= endAtOnce(SIGNALS);
  else {
    giveBack?.();
    giveBack = undefined;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new DiscoError(INTERRUPTED));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
