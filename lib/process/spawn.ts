/**
 * The start of a program: every other way to run one comes down to this.
 *
 * @module
 */
import { inOwnSession } from "./own_session.ts";

/** Where input and output of a program go. */
export type Stdio = Pick<Deno.CommandOptions, "stdin" | "stdout" | "stderr">;

/** What to give a program besides its arguments. */
export interface ProgramOptions extends Stdio {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** It gets nothing of this process' environment. */
  readonly clearEnv?: boolean;
}

/** How to start a program that runs beside this process. */
export interface SpawnOptions extends ProgramOptions {
  /**
   * Who makes a session, and so a process group, that it leads: setsid(1), which is cheap, or the
   * runtime, which copies the whole process for it. It stays in that of this process unless told.
   */
  readonly session?: "setsid" | "runtime" | undefined;
  /** Permissions that files which it makes do not get; this process' own unless told. */
  readonly umask?: number | undefined;
}

/** Start a program; the caller reads its pipes, and waits for its end. Throws if it cannot start. */
export function spawn(argv: readonly string[], options: SpawnOptions = {}): Deno.ChildProcess {
  const { session, umask, ...rest } = options;
  const [first = "", ...others] = argv;
  const { program, ...start } = session === "setsid"
    ? inOwnSession(argv)
    : { program: first, args: others, detached: session === "runtime" };
  const command = new Deno.Command(program, { ...rest, ...start });
  if (umask === undefined) return command.spawn();
  const own = Deno.umask(umask);
  try {
    return command.spawn();
  } finally {
    Deno.umask(own);
  }
}
