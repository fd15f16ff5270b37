/**
 * What a signal does to this process.
 *
 * A listener of the runtime is called when the event loop turns: while a synchronous part is at
 * work, a signal is only noted. Its default action needs no event loop.
 *
 * @module
 */
import { check, libc } from "./libc.ts";

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** The signals whose action can be set. */
export type EndingSignal = keyof typeof NUMBERS;

/** Bytes of glibc's `struct sigaction`; all zero is SIG_DFL with no flags (sigaction(2)). */
const SIZE = 152;

/** Give signals their default action, which ends the process; returns what gives the old one back. */
export function endAtOnce(signals: readonly EndingSignal[]): () => void {
  const old = signals.map((signal) => [signal, setAction(signal, new Uint8Array(SIZE))] as const);
  return () => old.forEach(([signal, action]) => setAction(signal, action));
}

function setAction(
  signal: EndingSignal,
  action: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const old = new Uint8Array(SIZE);
  check(libc.sigaction(NUMBERS[signal], action, old), "set the action of", signal);
  return old;
}
