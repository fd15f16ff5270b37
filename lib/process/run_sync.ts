/**
 * Programs that are short, and waited for without letting anything else go on.
 *
 * @module
 */
import { findProgram } from "./find_program.ts";
import type { ProgramOptions } from "./spawn.ts";

/** How to run such a program. It reads nothing, and what it prints is kept unless told otherwise. */
export interface RunSyncOptions extends ProgramOptions {
  /** Seconds after which timeout(1) kills it; only one that bounds itself goes without. */
  readonly seconds?: number;
}

/** How it ended, and what it printed. */
export interface SyncEnding {
  /** As timeout(1) and shells have it: 127 where a program is missing. */
  readonly code: number;
  /** It was killed, most likely because its time was over. */
  readonly late: boolean;
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: Uint8Array<ArrayBuffer>;
}

/** Exit code of shells for a program that is not there. */
export const NO_PROGRAM = 127;
/** Exit code of timeout(1) when it had to kill. */
const KILLED = 128 + 9;
const NOTHING = new Uint8Array();

/** Run a program to its end. One that is missing, or fails, says so by its exit code. */
export function runSync(argv: readonly string[], options: RunSyncOptions = {}): SyncEnding {
  const { seconds, stdin = "null", stdout = "piped", stderr = "piped", ...rest } = options;
  const [name = "", ...args] = argv;
  const bound = seconds === undefined ? [] : ["timeout", "--signal=KILL", String(seconds)];
  const missing = [...bound.slice(0, 1), name].find((one) => findProgram(one) === undefined);
  if (missing !== undefined) {
    const stderr = new TextEncoder().encode(`there is no program "${missing}"`);
    return { code: NO_PROGRAM, late: false, stdout: NOTHING, stderr };
  }
  const [program = "", ...words] = [...bound, findProgram(name)!, ...args];
  const command = new Deno.Command(program, { ...rest, args: words, stdin, stdout, stderr });
  const ended = command.outputSync();
  return {
    code: ended.code,
    late: bound.length > 0 && ended.code === KILLED,
    stdout: stdout === "piped" ? ended.stdout : NOTHING,
    stderr: stderr === "piped" ? ended.stderr : NOTHING,
  };
}
