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
 * its own cannot give the terminal back: it cannot see whom it had it from. Where standard input is no
 * terminal, nothing happens.
 */
export function takeTerminal(): void {
  // Who asks from the background would be stopped (tcsetpgrp(3)).
  libc.signal(SIGTTOU, SIG_IGN);
  libc.tcsetpgrp(0, libc.getpgrp());
  libc.signal(SIGTTOU, SIG_DFL);
}
