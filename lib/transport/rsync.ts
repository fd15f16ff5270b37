/**
 * One call of rsync.
 *
 * Only the type, the modes, the times and the content of regular files, directories and symlinks are
 * taken from the wire (`-rlpt`): no owners, ACLs, xattrs or devices. Times are compared with their
 * nanoseconds, so an edit in the same second is seen. rsync 3.2.5 or newer refuses names that the
 * server was not asked for.
 *
 * There is no `--max-size`, which would leave files out silently: `prlimit --fsize` makes a file that
 * is too large an error, and the sum is counted from rsync's own list while it runs.
 *
 * @module
 */
import { linesOf, readCapped } from "./output.ts";

/** How rsync is called. */
export interface Rsync {
  /** The program and the arguments that come first. */
  readonly command: readonly string[];
  /** Set in addition to the environment, such as `RSYNC_RSH`. */
  readonly env: Readonly<Record<string, string>>;
  /** Options for every call. */
  readonly options: readonly string[];
  /** Seconds after which a call is ended. */
  readonly seconds: number;
  /** Bytes that one call may bring. */
  readonly bytes: number;
}

/** What one call did. */
export interface RsyncResult {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  /** The call was ended because it took longer than it may, or brought more. */
  readonly ended: "time" | "size" | undefined;
  /** What differs: the first part of each path below the destination. */
  readonly differs: ReadonlySet<string>;
  /** Entries that were left out because they are neither file, directory nor symlink. */
  readonly skipped: readonly string[];
  /** Bytes received. */
  readonly bytes: number;
  readonly stderr: string;
}

const OPTIONS = [
  "-rlpt",
  "--no-motd",
  "--modify-window=-1",
  "--stats",
  "--no-human-readable",
  "--out-format==%i %l %n",
];
// What a small file costs on disk at least.
const BLOCK = 4096;
const STDERR_CAP = 65536;

/** Run rsync. Does not throw for what rsync says, only when it cannot be started. */
export async function callRsync(
  rsync: Rsync,
  args: readonly string[],
  dry: boolean,
): Promise<RsyncResult> {
  const limit = dry ? [] : ["prlimit", `--fsize=${rsync.bytes}`];
  const [program = "", ...rest] = [
    ...limit,
    ...rsync.command,
    ...OPTIONS,
    ...(dry ? ["-n"] : []),
    ...rsync.options,
    ...args,
  ];
  const child = new Deno.Command(program, {
    args: rest,
    // In a group of its own: ssh ends with it, and neither can ask on the terminal.
    detached: true,
    env: { ...rsync.env, LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let ended: RsyncResult["ended"];
  const end = (why: "time" | "size") => {
    ended ??= why;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end("time"), rsync.seconds * 1000);
  const tally = new Tally();
  try {
    const [status, stderr] = await Promise.all([
      child.status,
      readCapped(child.stderr, STDERR_CAP),
      (async () => {
        for await (const line of linesOf(child.stdout)) {
          tally.add(line);
          if (!dry && tally.weight > rsync.bytes) end("size");
        }
      })(),
    ]);
    const { differs, skipped, bytes } = tally;
    return { code: status.code, signal: status.signal, ended, differs, skipped, bytes, stderr };
  } finally {
    clearTimeout(timer);
  }
}

/** Reads what rsync prints. */
class Tally {
  readonly differs = new Set<string>();
  readonly skipped: string[] = [];
  bytes = 0;
  weight = 0;

  add(line: string): void {
    const item = /^=\S+ +(\d+) (.*)$/.exec(line);
    if (item) {
      this.differs.add(item[2]!.replace(/\/.*/, ""));
      this.weight += Math.max(Number(item[1]), BLOCK);
      return;
    }
    const skipped = /^skipping non-regular file "(.*)"$/.exec(line);
    if (skipped) this.skipped.push(skipped[1]!);
    else this.bytes = Number(/^Total bytes received: (\d+)$/.exec(line)?.[1] ?? this.bytes);
  }
}

function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
