/**
 * The terminal of this process.
 *
 * @module
 */
import { libc } from "./libc.ts";

const SIGTTOU = 22;
const SIG_DFL = 0n;
const SIG_IGN = 1n;

/**
 * Make this process' group the one that the terminal listens to again. A shell in a PID namespace of
 * its own cannot give the terminal back: it does not see the process that had it before. Where standard
 * input is not a terminal, nothing happens.
 */
export function takeTerminal(): void {
  // A process that asks from the background would be stopped (tcsetpgrp(3)).
  libc.signal(SIGTTOU, SIG_IGN);
  libc.tcsetpgrp(0, libc.getpgrp());
  libc.signal(SIGTTOU, SIG_DFL);
}
