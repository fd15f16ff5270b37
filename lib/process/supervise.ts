/**
 * Programs whose output is passed on line by line while they run, and that end with their time.
 *
 * @module
 */
import { give } from "./give.ts";
import { killGroup } from "./kill_group.ts";
import { type LineReader, readLines } from "./lines.ts";
import { spawn } from "./spawn.ts";

/** How a program ended. */
export interface Ending {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  /** It was killed because its time was over. */
  readonly late: boolean;
}

/** What to give the program, and where its output goes. */
export interface SuperviseOptions {
  readonly env: Record<string, string>;
  readonly cwd?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
  /** Ends the program early. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes of each stream that are looked at; the rest is read and thrown away. 16 MiB unless told. */
  readonly most?: number;
  /** What it can read from standard input; nothing unless told. */
  readonly input?: Uint8Array;
  /** Called with its process id before it is given its input. */
  readonly onStart?: (pid: number) => void;
  /**
   * It makes a session of its own as the first thing that it does, see setsid(2). Otherwise it is
   * made for it, which costs more than the start of a small program: the whole process is copied.
   */
  readonly leads?: boolean;
  /** Permissions that files which it makes do not get; this process' own unless told. */
  readonly umask?: number;
  /** How it is ended, by its process id; its process group is killed unless told. */
  readonly kill?: (pid: number) => void;
}

/** How long a pipe is read on after the program's end, in case a daemon still holds it. */
const LINGER_MS = 200;
const MOST_BYTES = 16 << 20;

/** Run a program with a clean environment, and empty standard input unless told. Throws if it cannot start. */
export async function supervise(
  argv: readonly string[],
  options: SuperviseOptions,
): Promise<Ending> {
  const child = spawn(argv, {
    env: options.env,
    clearEnv: true,
    cwd: options.cwd ?? "/",
    session: options.leads ? undefined : "runtime",
    umask: options.umask,
    stdin: options.input ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    options.onStart?.(child.pid);
  } catch (error) {
    (options.kill ?? killGroup)(child.pid);
    await discarded(child);
    throw error;
  }
  if (options.input) void give(child.stdin, [options.input]);
  let late = false;
  let hasEnded = false;
  const end = () => {
    // Its number may be another's by then.
    if (!hasEnded) (options.kill ?? killGroup)(child.pid);
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, options.timeout);
  options.signal?.addEventListener("abort", end);
  const { most = MOST_BYTES, onLine } = options;
  const readers = [
    readLines(child.stdout, { most, onLine: (line) => onLine(line, "stdout") }),
    readLines(child.stderr, { most, onLine: (line) => onLine(line, "stderr") }),
  ];
  try {
    if (options.signal?.aborted) end();
    const { code, signal } = await child.status;
    hasEnded = true;
    await lingering(readers);
    return { code, signal, late };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", end);
  }
}

/** A program that must not go on has ended, and nothing of it is left open. */
async function discarded(child: Deno.ChildProcess): Promise<void> {
  if (child.stdin) await child.stdin.abort().catch(() => {});
  await Promise.all([child.stdout.cancel(), child.stderr.cancel(), child.status]);
}

async function lingering(readers: readonly LineReader[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((done) => timer = setTimeout(done, LINGER_MS));
  await Promise.race([Promise.all(readers.map((reader) => reader.done)), late]);
  clearTimeout(timer);
  await Promise.all(readers.map((reader) => reader.cancel()));
}
