/**
 * Programs that run in a throw-away host.
 *
 * @module
 */
import type { Holder } from "./holder.ts";

/** What to give a program besides its arguments. */
export interface ExecOptions {
  /** Added to the host's plain environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input; without it, standard input is empty. */
  readonly stdin?: string;
  /** Milliseconds after which the program and its group are killed; 300,000 unless told. */
  readonly timeout?: number;
  /**
   * With the capabilities that reach the machine itself: only for programs that use them with
   * arguments that do nothing, such as a reboot with a wrong magic number.
   */
  readonly almighty?: boolean;
}

/** How a program ended, and what it said. */
export interface Outcome {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that is running in the host. */
export interface Running {
  /** Its id as the machine counts. */
  pid(): Promise<number>;
  /** Send a signal to it and its group, as a terminal does with Ctrl-C. */
  kill(signal: Deno.Signal): Promise<void>;
  /** Resolves when what it has printed (on either stream) matches; rejects if it ends before. */
  printed(what: RegExp): Promise<void>;
  /** How it ended. */
  readonly outcome: Promise<Outcome>;
}

const JOIN_CGROUP = '[ -z "$1" ] || echo 0 >"$1/cgroup.procs"; shift; exec "$@"';

// What would reach the machine itself: modules, clock, reboot, ports, kernel log.
const KEPT_FROM_IT = ["sys_module", "sys_time", "sys_boot", "sys_rawio", "syslog", "wake_alarm"];
const WITHOUT_THEM = ["setpriv", `--bounding-set=${KEPT_FROM_IT.map((c) => `-${c}`).join()}`, "--"];

/** Start a program in the host, with a session of its own and nothing of this environment. */
export function start(holder: Holder, argv: readonly string[], options: ExecOptions): Running {
  const child = new Deno.Command("sh", {
    args: [
      ...["-c", JOIN_CGROUP, "sh", holder.cgroup],
      ...["nsenter", "--target", `${holder.pid}`, "--wdns=/"],
      ...["--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup"],
      ...["setsid", ...(options.almighty ? [] : WITHOUT_THEM)],
      ...argv,
    ],
    clearEnv: true,
    env: { ...options.env },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const readers: ReadableStreamDefaultReader<string>[] = [];
  const collect = async (from: "stdout" | "stderr") => {
    const reader = child[from].pipeThrough(new TextDecoderStream()).getReader();
    readers.push(reader);
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      said[from] += part.value;
      for (const watch of watchers) watch();
    }
  };
  const timeout = options.timeout ?? 300_000;
  const timer = setTimeout(() => {
    said.stderr += `The host killed "${argv.join(" ")}" after ${timeout} ms\n`;
    // It may have ended, and only a child that left its group may hold the pipes open.
    killGroup(child.pid, "SIGKILL").catch(() => {});
    for (const reader of readers) reader.cancel();
  }, timeout);
  const ended = Promise.all([
    child.status,
    collect("stdout"),
    collect("stderr"),
    options.stdin === undefined ? undefined : feed(child, options.stdin),
  ]).finally(() => clearTimeout(timer));
  return {
    pid: () => programOf(child.pid),
    kill: (signal) => killGroup(child.pid, signal),
    printed: async (what) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const watch = () => void (what.test(said.stdout + said.stderr) && resolve());
      watchers.add(watch);
      watch();
      const early = ended.then(() => {
        if (what.test(said.stdout + said.stderr)) return;
        throw new Error(`"${argv.join(" ")}" ended without printing ${what}: ${said.stderr}`);
      });
      await Promise.race([promise, early]).finally(() => watchers.delete(watch));
    },
    outcome: ended.then(([{ code, signal }]) => ({ code, signal, ...said })),
  };
}

/** The program is nsenter's only child, and leads a session once setsid has run. */
async function programOf(nsenter: number): Promise<number> {
  for (let i = 0; i < 500; i++) {
    const children = Deno.readTextFileSync(`/proc/${nsenter}/task/${nsenter}/children`);
    const pid = Number(children.split(" ")[0]);
    // After the program's name in parentheses: state, parent, group, session.
    const stat = pid ? Deno.readTextFileSync(`/proc/${pid}/stat`) : "";
    if (pid && stat.slice(stat.lastIndexOf(")")).split(" ")[4] === `${pid}`) return pid;
    await new Promise((done) => setTimeout(done, 2));
  }
  throw new Error(`Cannot find the program that nsenter ${nsenter} started`);
}

async function killGroup(nsenter: number, signal: Deno.Signal): Promise<void> {
  Deno.kill(-await programOf(nsenter), signal);
}

async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  try {
    await new Response(text).body?.pipeTo(child.stdin);
  } catch {
    // The program did not want to read it all.
  }
}
