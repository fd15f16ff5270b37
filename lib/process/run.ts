/**
 * Programs, run without a shell.
 *
 * @module
 */
import { give } from "./give.ts";
import { killGroup } from "./kill_group.ts";
import { type ProgramOptions, spawn } from "./spawn.ts";

/** A program that did not end well. */
export class RunError extends Error {
  override name = "RunError";
  constructor(
    readonly argv: readonly string[],
    readonly status: { code: number; signal: Deno.Signal | null },
    readonly stderr = "",
  ) {
    const how = status.signal ? `was killed by ${status.signal}` : `ended with ${status.code}`;
    super([`"${argv.join(" ")}" ${how}`, stderr.trim()].filter(Boolean).join(": "));
  }
}

/** What to give a program besides its arguments. */
export interface RunOptions extends Omit<ProgramOptions, "stdin" | "stdout" | "stderr"> {
  /** Text for standard input; without it, standard input is empty. */
  stdin?: string;
  /** Milliseconds after which the program and its children are killed. */
  timeout?: number;
  /** Exit codes that are fine besides 0. */
  allow?: readonly number[];
}

/** Run a program and return what it printed; throw if it fails, is killed, or takes too long. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { timeout, stdin, allow = [], ...rest } = options;
  const child = spawn(argv, {
    ...rest,
    // In a group of its own, so that the timeout ends its children too.
    session: timeout === undefined ? undefined : "setsid",
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const timer = timeout !== undefined && setTimeout(() => killGroup(child.pid), timeout);
  try {
    const [, { stdout, stderr, ...status }] = await Promise.all([
      stdin === undefined ? undefined : give(child.stdin, [new TextEncoder().encode(stdin)]),
      child.output(),
    ]);
    const text = new TextDecoder();
    if (!status.success && !(status.signal === null && allow.includes(status.code))) {
      throw new RunError(argv, status, text.decode(stderr));
    }
    return text.decode(stdout);
  } finally {
    if (timer) clearTimeout(timer);
  }
}
