/**
 * One call of rsync, between walls: an account of its own, a folder to read and one to write.
 *
 * Only the type, the modes, the times and the content of regular files, directories and symlinks are
 * taken from the wire (`-rlpt`): no owners, ACLs, xattrs or devices. Times are compared with their
 * nanoseconds, so an edit in the same second is seen. rsync 3.2.5 or newer refuses names that the
 * server was not asked for.
 *
 * There is no `--max-size`, which would leave files out silently: the largest file that rsync may
 * write is limited (setrlimit(2)), the sum is counted from rsync's own list while it runs, and from
 * what is really there.
 *
 * @module
 */
import { killGroup } from "../process/kill_group.ts";
import { readLines } from "../process/lines.ts";
import { ACCOUNTS, type Mount, signalOf, spawnWalled } from "../walled/mod.ts";
import { type Budget, type Spent, weightOf } from "./budget.ts";
import { type Gauge, PROGRESS } from "./gauge.ts";
import type { Incoming } from "./incoming.ts";
import { readCapped } from "./output.ts";
import { filesOf, pathOf, type Program } from "./program.ts";
import { Relay, type Shell } from "./shell.ts";

/** How rsync is called. */
export interface Rsync {
  readonly program: Program;
  /** The words of the remote shell, where one is needed. */
  readonly shell: readonly string[] | undefined;
  /** Options for every call. */
  readonly options: readonly string[];
  readonly budget: Budget;
  /** A folder for what belongs to single calls. */
  readonly work: string;
  /** Where progress is shown. */
  readonly gauge?: Gauge;
}

/** What one call is for. */
export interface Call {
  /** Where the sources are, as rsync names them. */
  readonly sources: readonly string[];
  readonly options: readonly string[];
  /** The items that are here, which it sees in {@linkcode HERE}. */
  readonly here: readonly Mount[];
  /** Where it writes, as {@linkcode INCOMING}; without it nothing is written. */
  readonly incoming?: Incoming;
  /** What comes behind `HERE` or `INCOMING` at the destination. */
  readonly below: string;
  /** Folders of this machine that are the sources. */
  readonly mounts: readonly Mount[];
  readonly network: boolean;
  /** The remote shell. */
  readonly shell?: Shell;
  /** The items; differences in other ones are none. */
  readonly names: readonly string[];
}

/** Why a call was ended. */
export type Ended = Spent | "depth";

/** What one call did. */
export interface RsyncResult {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly ended: Ended | undefined;
  /** What differs: the first part of each path below the destination, if it is asked for. */
  readonly differs: ReadonlySet<string>;
  /** Something differs, whatever its name. */
  readonly differsAtAll: boolean;
  /** The first entry that was left out because it is neither file, directory nor symlink. */
  readonly skipped: string | undefined;
  /** Bytes received. */
  readonly bytes: number;
  readonly stderr: string;
}

/** Places inside of the walls. */
export const HERE = "/here";
export const INCOMING = "/incoming";

const OPTIONS = [
  "-rlpt",
  "--no-motd",
  "--modify-window=-1",
  "--stats",
  "--no-human-readable",
  "--out-format==%i %l %n",
];
const STDERR_CAP = 65_536;
const LONGEST_LINE = 65_536;
/** The list of a million files takes a tenth of it. */
const MEMORY = 2 ** 30;
/** How often is looked at what has come, in ms. */
const LOOK = 1000;
/** Variables of rsync's own, and what programs take for granted. */
const KEPT = /^(RSYNC_(PASSWORD|PROXY|CONNECT_PROG|ICONV|SSL_\w+)|PATH|LANG|TZ|USER|LOGNAME)$/;

/** Run rsync. Does not throw for what rsync says, only when it cannot be started. */
export async function callRsync(rsync: Rsync, call: Call): Promise<RsyncResult> {
  await using relay = call.shell && new Relay(newName(rsync.work), call.shell);
  const { budget, program } = rsync;
  const { incoming } = call;
  const path = pathOf(program);
  if (path === undefined) throw new Deno.errors.NotFound(program.words[0]);
  const child = spawnWalled(
    {
      account: ACCOUNTS.fetch,
      system: "programs",
      network: call.network,
      readsAll: true,
      mounts: [
        ...filesOf(program),
        ...call.here,
        ...(incoming ? [{ from: incoming.path, to: INCOMING, writable: true as const }] : []),
        ...call.mounts,
        ...relay?.mounts ?? [],
      ],
      env: { ...kept(), LC_ALL: "C", HOME: "/tmp" },
      limits: { data: MEMORY, ...(incoming ? { file: Math.max(1, budget.bytesLeft) } : {}) },
    },
    [
      path,
      ...program.words.slice(1),
      ...OPTIONS,
      ...(incoming ? [] : ["-n"]),
      ...(incoming && rsync.gauge ? [PROGRESS] : []),
      ...rsync.options,
      ...(relay ? [`--rsh=${Relay.command}`] : []),
      ...call.options,
      ...call.sources,
      `${incoming ? INCOMING : HERE}/${call.below}`,
    ],
    '"rsync"',
    { stdin: "null", stdout: "piped", stderr: "piped" },
  );
  let ended: Ended | undefined;
  const end = (why: Ended | undefined) => {
    if (why === undefined) return;
    ended ??= why;
    killGroup(child.pid);
  };
  // Without the shell that it wants, it would wait for ever.
  relay?.ended.catch(() => killGroup(child.pid));
  const timer = setTimeout(() => end("seconds"), budget.timeLeft);
  const look = incoming && setInterval(() => end(incoming.spent()), LOOK);
  const tally = new Tally(call.names);
  const isProgress = incoming && rsync.gauge?.call();
  try {
    const [{ code, signal }, stderr] = await Promise.all([
      child.status,
      readCapped(child.stderr, STDERR_CAP),
      readLines(child.stdout, {
        onLine: (line) => {
          if (isProgress?.(line)) return;
          tally.add(line);
          end(budget.over(tally.files, incoming ? tally.weight : 0));
        },
        // With carriage returns it writes over its progress.
        end: /[\r\n]/,
        longest: LONGEST_LINE,
      }).done,
    ]);
    return { ...tally.found(), ...await outcome(relay, { code, signal, stderr }), ended };
  } finally {
    clearTimeout(timer);
    clearInterval(look);
  }
}

/** A name in a folder that no other call has. */
export function newName(work: string): string {
  return `${work}/call-${crypto.randomUUID()}`;
}

type Outcome = Pick<RsyncResult, "code" | "signal" | "stderr">;

/** A shell that failed says more than rsync, which only loses its connection. */
async function outcome(relay: Relay | undefined, { code, signal, stderr }: Outcome) {
  const inner = signal ?? signalOf(code);
  if (!relay || code === 0) return { code, signal: inner, stderr };
  await relay.stop();
  const shell = await relay.ended;
  if (!shell) return { code, signal: inner, stderr };
  const failed = [126, 127, 255].includes(shell.code);
  return {
    code: failed ? shell.code : code,
    signal: failed ? null : inner,
    stderr: `${shell.stderr}\n${stderr}`,
  };
}

function kept(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => KEPT.test(name)),
  );
}

/** Reads what rsync prints. */
class Tally {
  readonly #names: ReadonlySet<string>;
  readonly #differs = new Set<string>();
  #differsAtAll = false;
  #skipped: string | undefined;
  #bytes = 0;
  weight = 0;
  files = 0;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  add(line: string): void {
    const item = /^=\S+ +(\d+) (.*)$/.exec(line);
    if (item) {
      const first = item[2]!.replace(/\/.*/, "");
      this.#differsAtAll = true;
      if (this.#names.has(first)) this.#differs.add(first);
      this.weight += weightOf(Number(item[1]));
      this.files++;
      return;
    }
    const skipped = /^skipping non-regular file "(.*)"$/.exec(line);
    if (skipped) this.#skipped ??= skipped[1]!;
    else this.#bytes = Number(/^Total bytes received: (\d+)$/.exec(line)?.[1] ?? this.#bytes);
  }

  found(): Pick<RsyncResult, "differs" | "differsAtAll" | "skipped" | "bytes"> {
    return {
      differs: this.#differs,
      differsAtAll: this.#differsAtAll,
      skipped: this.#skipped,
      bytes: this.#bytes,
    };
  }
}
