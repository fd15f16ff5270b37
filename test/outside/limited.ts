/**
 * A command of DISCO that must end by itself, in little memory, and without a stack trace.
 *
 * @module
 */
import type { Outcome, Running, ThrowawayHost } from "../host/mod.ts";

/** How it ended. */
export interface Limited {
  readonly ended: Outcome;
  /** The most memory that a process of DISCO had, in MiB. */
  readonly memory: number;
  readonly wrong: readonly string[];
}

/** What it may take. */
export interface Limits {
  /** Milliseconds, after which it is killed. */
  readonly timeout?: number;
  /** MiB. */
  readonly memory?: number;
}

/** A usual dance has 75 MiB. */
export const MEMORY = 400;
const LONGEST = 120_000;
const TRACE = /^\s+at .*[:(]\d+:\d+|Uncaught|^error: (Type|Range|Reference|Syntax)?Error:/m;

/** Run words of DISCO's in the host. */
export async function runLimited(
  host: ThrowawayHost,
  argv: readonly string[],
  { timeout = LONGEST, memory = MEMORY }: Limits = {},
): Promise<Limited> {
  const began = performance.now();
  const running = host.spawn(argv, { timeout });
  const watch = watchMemory(host, running);
  const ended = await running.outcome;
  const most = await watch.end();
  const trace = TRACE.exec(ended.stdout + ended.stderr);
  const isLate = ended.signal === "SIGKILL" && performance.now() - began >= timeout;
  return {
    ended,
    memory: most,
    wrong: [
      ...trace ? [`a stack trace: ${lineAt(ended.stdout + ended.stderr, trace.index)}`] : [],
      ...isLate ? [`did not end within ${timeout / 1000} s`] : [],
      ...!isLate && ended.signal ? [`killed by ${ended.signal}`] : [],
      ...most > memory ? [`took ${most} MiB of memory`] : [],
    ],
  };
}

function lineAt(text: string, index: number): string {
  const lines = text.slice(Math.max(0, index - 200), index + 200).split("\n").map((l) => l.trim());
  return lines.filter(Boolean).slice(0, 4).join(" | ");
}

/** VmHWM never falls: to look now and then is enough. */
function watchMemory(host: ThrowawayHost, running: Running) {
  let most = 0;
  let isOver = false;
  const look = () => {
    for (const pid of discoOf(host)) {
      try {
        const status = Deno.readTextFileSync(`/proc/${host.pid}/root/proc/${pid}/status`);
        const peak = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
        most = Math.max(most, Math.round(peak));
      } catch (error) {
        // It has just ended.
        if (!(error instanceof Deno.errors.NotFound) && !/os error 3/.test(`${error}`)) throw error;
      }
    }
  };
  const watching = (async () => {
    while (!isOver) {
      look();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, 100);
      await Promise.race([late, running.outcome]);
      // Its end may come first, and the test's soon after.
      clearTimeout(timer);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await watching;
      return most;
    },
  };
}

/** The processes of the host that run DISCO's own program. */
function discoOf(host: ThrowawayHost): number[] {
  return host.processes().filter(({ argv }) => argv[0] === Deno.execPath()).map(({ pid }) => pid);
}
