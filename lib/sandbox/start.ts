/**
 * How the first program of a sandbox is started: in its control groups, limited, and in the network of
 * the sandbox. Each of it could be had from a program in front of it, whose start would cost more.
 *
 * @module
 */
import { findProgram } from "../find_program.ts";
import { bytesOf, inNetworkOf, limitProcess, withLimits } from "../posix/mod.ts";
import type { SuperviseOptions } from "../supervise.ts";
import type { Cgroup } from "./cgroup.ts";
import { endingFirst } from "./memory.ts";
import type { Wall } from "./walls.ts";

/** Start a program in a function: in the network of a handle, if there is one. */
export function inheriting<T>(network: string | undefined, start: () => T): T {
  return endingFirst(() => network === undefined ? start() : inNetworkOf(network, start));
}

/** Words in front of the sandbox: it waits until it is limited, and joins its control groups. */
export function gate({ folders }: Cgroup): string[] {
  return joining(folders, "read -r go && ");
}

/** What goes with {@linkcode gate}. A line is not written to a program that could not be limited. */
export function opening(without: readonly Wall[]): Pick<SuperviseOptions, "input" | "onStart"> {
  const input = bytesOf("\n");
  return without.includes("cores") ? { input } : { input, onStart: limitProcess };
}

/** The same words for a sandbox whose standard input is a person's. */
export function openGate({ folders }: Cgroup, without: readonly Wall[]): string[] {
  const [prlimit, ...limits] = without.includes("cores") ? [] : withLimits();
  return [
    ...(folders.length === 0 ? [] : joining(folders, "")),
    ...(prlimit === undefined ? [] : [findProgram(prlimit) ?? prlimit, ...limits]),
  ];
}

function joining(folders: readonly string[], first: string): string[] {
  const join = folders.map((_, i) => `echo 0 >"\${${i + 1}}/cgroup.procs" && `).join("");
  const command = `${first}${join}shift ${folders.length} && exec "$@"`;
  return ["/bin/sh", "-c", command, "sh", ...folders];
}
