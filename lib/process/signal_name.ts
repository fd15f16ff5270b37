/**
 * Names of signals (signal(7), the numbers of x86 and ARM).
 *
 * @module
 */

const NAMES =
  (" HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD " +
    "CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");

/** `9 (SIGKILL)`. */
export function signalName(number: number): string {
  return NAMES[number] ? `${number} (SIG${NAMES[number]})` : String(number);
}
