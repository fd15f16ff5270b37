/**
 * How the first program of a sandbox is started: in its control groups, limited, and in the network of
 * the sandbox. Each of it could be had from a program in front of it, whose start would cost more.
 *
 * @module
 */
import { findProgram } from "../process/find_program.ts";
import {
  bytesOf,
  inNetworkOf,
  limitProcess,
  O,
  open,
  SyscallError,
  withFile,
  withLimits,
  writeAll,
} from "../posix/mod.ts";
import type { SuperviseOptions } from "../process/supervise.ts";
import type { Union } from "../union/mod.ts";
import type { Cgroup } from "./cgroup.ts";
import { gateWords } from "./confine.ts";
import { endingFirst } from "./memory.ts";
import type { Wall } from "./walls.ts";

/** What the gate waits for. */
const OPEN = bytesOf("\n");

/** Start a program in a function: in the network of a handle, if there is one. */
export function inheriting<T>(network: string | undefined, start: () => T): T {
  return endingFirst(() => network === undefined ? start() : inNetworkOf(network, start));
}

/** Words in front of the sandbox: a session of its own, in which it waits until it is limited. */
export function gate(union: Union): string[] {
  return gateWords(union.folder("disco"));
}

/**
 * What goes with {@linkcode gate}. A line is not written to a program that could not be limited, or
 * not be brought into its control groups.
 */
export function opening(
  cgroup: Cgroup,
  without: readonly Wall[],
): Pick<SuperviseOptions, "input" | "onStart" | "leads"> {
  const onStart = (pid: number) => {
    if (!without.includes("cores")) limitProcess(pid);
    cgroup.join(pid);
    openAtOnce(pid);
  };
  return { input: OPEN, onStart, leads: true };
}

/**
 * Write to the gate's input by a descriptor of its own. What supervises the program writes there, too,
 * but in the next turn of the event loop, which is some milliseconds away: DISCO goes on with what it
 * does ahead.
 */
function openAtOnce(pid: number): void {
  const pipe = `/proc/${pid}/fd/0`;
  try {
    withFile(open(pipe, O.WRONLY | O.NONBLOCK), (fd) => writeAll(fd, OPEN, pipe));
  } catch (error) {
    // It has ended, or /proc does not show it.
    if (!(error instanceof SyscallError)) throw error;
  }
}

/** Words in front of a sandbox whose standard input is a person's. */
export function openGate({ folders }: Cgroup, without: readonly Wall[]): string[] {
  const [prlimit, ...limits] = without.includes("cores") ? [] : withLimits();
  return [
    ...(folders.length === 0 ? [] : joining(folders)),
    ...(prlimit === undefined ? [] : [findProgram(prlimit) ?? prlimit, ...limits]),
  ];
}

function joining(folders: readonly string[]): string[] {
  const join = folders.map((_, i) => `echo 0 >"\${${i + 1}}/cgroup.procs" && `).join("");
  const command = `${join}shift ${folders.length} && exec "$@"`;
  return ["/bin/sh", "-c", command, "sh", ...folders];
}
