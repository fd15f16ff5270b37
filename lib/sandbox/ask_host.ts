/**
 * Asks the live system: runs a command there, without the rights to change anything.
 *
 * @module
 */
import { PROCESS_COMMANDS } from "../effects/mod.ts";
import { killGroup } from "../process/kill_group.ts";
import { spawn } from "../process/spawn.ts";
import { inFirstMounts, limitMemory, machineView, nameOf, readFile } from "../posix/mod.ts";
import { LIVE_PATH } from "./environment.ts";
import { endingFirst } from "./memory.ts";
import { withoutOwnProcesses } from "./own_processes.ts";

/** Milliseconds after which a question is given up. */
const TIMEOUT = 10_000;
/** Bytes of an answer; a log can be long. */
const LONGEST_ANSWER = 8 << 20;
/** Bytes that it may use: a pattern can take any number. */
const MOST_MEMORY = 256 << 20;

/** What the live system said. */
export interface Answer {
  readonly code: number;
  readonly output: Uint8Array<ArrayBuffer>;
  readonly errors: Uint8Array<ArrayBuffer>;
  /** What ended it before it had answered. */
  readonly signal?: Deno.Signal;
}

/** An answer that is a complaint of DISCO. */
export function answerOf(code: number, complaint: string): Answer {
  return { code, output: new Uint8Array(), errors: new TextEncoder().encode(`${complaint}\n`) };
}

/** Run a command on the live system, and say what it said. It ends with the signal `end`. */
export async function askHost(argv: readonly string[], end: AbortSignal): Promise<Answer> {
  const over = AbortSignal.any([end, AbortSignal.timeout(TIMEOUT)]);
  try {
    const question = [...unprivileged(argv), "--", ...argv];
    const options = {
      // In a group of its own, so that what it has started ends with it.
      session: "setsid",
      env: {
        PATH: LIVE_PATH,
        LANG: "C.UTF-8",
        HOME: "/",
        SYSTEMD_PAGER: "",
        BLKID_FILE: "/dev/null",
      },
      clearEnv: true,
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    } as const;
    const start = () => endingFirst(() => spawn(question, options));
    const isOfProcesses = PROCESS_COMMANDS.includes(argv[0] ?? "");
    const child = inFirstMounts(() => isOfProcesses ? withoutOwnProcesses(start) : start());
    limitMemory(child.pid, MOST_MEMORY);
    const kill = () => killGroup(child.pid);
    over.addEventListener("abort", kill);
    if (over.aborted) kill();
    const [output, errors, { code, signal }] = await Promise.all([
      readUpTo(child.stdout, LONGEST_ANSWER, over),
      readUpTo(child.stderr, LONGEST_ANSWER, over),
      child.status,
    ]);
    over.removeEventListener("abort", kill);
    return { output, errors, code, ...(signal ? { signal } : {}) };
  } catch (error) {
    return answerOf(127, `disco: the live system does not answer: ${error}`);
  }
}

/**
 * The beginning of a stream; a program that writes more than that gets SIGPIPE. It ends with the signal
 * `over`, whichever process holds the other end then.
 */
async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  most: number,
  over: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel();
  over.addEventListener("abort", cancel);
  if (over.aborted) cancel();
  const chunks: Uint8Array[] = [];
  for (let size = 0; size < most;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value.subarray(0, most - size));
    size += value.length;
  }
  over.removeEventListener("abort", cancel);
  await reader.cancel();
  return await new Blob(chunks as BlobPart[]).bytes();
}

/** Commands that read devices, which only root may: they may read everything, and write nothing. */
const READERS = ["blkid"];

/**
 * An account that owns nothing, without capabilities: the options of these commands are too many to
 * be sure that a question is one. The log may be read. Without root the question is asked as the user.
 */
function unprivileged([command = ""]: readonly string[]): string[] {
  const user = machineView().user;
  const end = ["setpriv", "--pdeathsig", "KILL"];
  if (user) return ["unshare", `--map-user=${user.uid}`, `--map-group=${user.gid}`, "--", ...end];
  const readers = /^systemd-journal:[^:]*:(\d+):/m.exec(nameOf(readFile("/etc/group")))?.[1];
  return [
    ...[...end, "--reuid", "65534", "--regid", "65534"],
    ...(readers === undefined ? ["--clear-groups"] : ["--groups", readers]),
    "--no-new-privs",
    ...(READERS.includes(command)
      ? ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+dac_read_search`)
      : ["--inh-caps=-all", "--bounding-set=-all"]),
  ];
}
