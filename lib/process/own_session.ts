/**
 * Programs that lead a session of their own, and so a process group that can be killed as a whole.
 *
 * @module
 */
import { findProgram } from "./find_program.ts";

/** How to start such a program. */
export type OwnSession = Required<Pick<Deno.CommandOptions, "args" | "detached">> & {
  readonly program: string;
};

/**
 * How a program leads its session: by setsid(1), where that is installed. Deno's own way copies the
 * whole process (fork(2) in place of vfork(2)), which takes several times as long.
 */
export function inOwnSession([program = "", ...args]: readonly string[]): OwnSession {
  const [setsid, found] = [findProgram("setsid"), findProgram(program)];
  // A program that is not there is an error of the start, as without setsid.
  if (setsid === undefined || found === undefined) return { program, args, detached: true };
  return { program: setsid, args: ["--", found, ...args], detached: false };
}
