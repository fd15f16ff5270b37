/**
 * Programs, run without a shell.
 *
 * @module
 */
import { killGroup } from "./kill_group.ts";
import { inOwnSession } from "./own_session.ts";

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
export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  clearEnv?: boolean;
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
  const [first = "", ...others] = argv;
  // In a group of its own, so that the timeout ends its children too.
  const { program, ...start } = timeout === undefined
    ? { program: first, args: others }
    : inOwnSession(argv);
  const child = new Deno.Command(program, {
    ...rest,
    ...start,
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = timeout !== undefined && setTimeout(() => killGroup(child.pid), timeout);
  try {
    const [, { stdout, stderr, ...status }] = await Promise.all([
      stdin === undefined ? undefined : feed(child, stdin),
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

async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  try {
    await new Response(text).body?.pipeTo(child.stdin);
  } catch {
    // The program did not want to read it all; its exit code says whether that matters.
  }
}
