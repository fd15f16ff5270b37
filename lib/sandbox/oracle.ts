/**
 * Answers questions about the live system for the commands in the sandbox: whether a service runs,
 * what a kernel setting is. The shim of a command leaves its arguments as a file; the command is run
 * on the live system if the policy says that it only asks, and without the rights to do more.
 *
 * @module
 */
import { killGroup } from "../kill_group.ts";
import { commandLine, type Rule, ruleFor, whyNoQuestion } from "../effects/mod.ts";
import {
  bytesOf,
  createFile,
  nameOf,
  outerUser,
  readdir,
  readFile,
  readSmallFile,
  rename,
  SyscallError,
} from "../posix/mod.ts";
import { LIVE_PATH } from "./environment.ts";

/** Milliseconds between two looks for questions. */
const INTERVAL = 10;
/** Milliseconds after which a question is given up. */
const TIMEOUT = 10_000;
/** Bytes of an answer; a log can be long. */
const LONGEST_ANSWER = 16 << 20;
/** Questions that are put to the live system at a time; a script can leave any number. */
const MOST_AT_ONCE = 8;

interface Answer {
  readonly code: number;
  readonly output: Uint8Array<ArrayBuffer>;
  readonly errors: Uint8Array<ArrayBuffer>;
}

/** Answers as long as it is not disposed. */
export class Oracle implements AsyncDisposable {
  /** The questions that were not put to the live system, and why. */
  readonly refused: string[] = [];
  readonly #folder: string;
  readonly #rules: readonly Rule[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #seen = new Set<string>();
  readonly #asked = new Set<Promise<void>>();
  readonly #end = new AbortController();

  /** @param folder Where the questions lie; as the calling thread sees it. */
  constructor(folder: string, rules: readonly Rule[]) {
    this.#folder = folder;
    this.#rules = rules;
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** Answer no more; resolves when nothing that was asked runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await Promise.all(this.#asked);
  }

  #look(): void {
    for (const { name, type } of readdir(this.#folder)) {
      if (type !== "file" || !name.endsWith(".question") || this.#seen.has(name)) continue;
      if (this.#asked.size === MOST_AT_ONCE) return;
      this.#seen.add(name);
      const path = `${this.#folder}/${name}`;
      const question = readSmallFile(path);
      if (question === undefined) continue;
      const argv = nameOf(question).split("\0").slice(0, -1);
      const asked = this.#answer(path.replace(/\.question$/, ""), argv)
        .finally(() => this.#asked.delete(asked));
      this.#asked.add(asked);
    }
  }

  async #answer(base: string, argv: readonly string[]): Promise<void> {
    const why = this.#whyNot(argv);
    if (why) this.refused.push(`${commandLine(argv)}: ${why}`);
    const { output, errors, code } = why === undefined
      ? await askHost(argv, this.#end.signal)
      : answerOf(126, `disco: "${commandLine(argv)}" is not put to the live system: ${why}`);
    try {
      // New files only: the folder is the sandbox's, and a link there leads anywhere.
      createFile(`${base}.output`, output);
      createFile(`${base}.errors`, errors);
      createFile(`${base}.new`, bytesOf(String(code)));
      rename(`${base}.new`, `${base}.status`);
    } catch (error) {
      // Whoever asked has ended, and its folder with it, or wants no answer.
      if (!(error instanceof SyscallError)) throw error;
    }
  }

  #whyNot(argv: readonly string[]): string | undefined {
    if (ruleFor(this.#rules, argv)?.verdict !== "host" || argv[0]?.includes("/")) {
      return "the policy does not know it as a question";
    }
    return whyNoQuestion(argv);
  }
}

function answerOf(code: number, complaint: string): Answer {
  return { code, output: new Uint8Array(), errors: new TextEncoder().encode(`${complaint}\n`) };
}

async function askHost(argv: readonly string[], end: AbortSignal): Promise<Answer> {
  const over = AbortSignal.any([end, AbortSignal.timeout(TIMEOUT)]);
  try {
    const [program = "", ...args] = [...unprivileged(), "--", ...argv];
    const child = new Deno.Command(program, {
      args,
      env: { PATH: LIVE_PATH, LANG: "C.UTF-8", HOME: "/", SYSTEMD_PAGER: "" },
      clearEnv: true,
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // In a group of its own, so that what it has started ends with it.
      detached: true,
    }).spawn();
    const kill = () => killGroup(child.pid);
    over.addEventListener("abort", kill);
    if (over.aborted) kill();
    const [output, errors, { code }] = await Promise.all([
      readUpTo(child.stdout, LONGEST_ANSWER),
      readUpTo(child.stderr, LONGEST_ANSWER),
      child.status,
    ]);
    over.removeEventListener("abort", kill);
    return { output, errors, code };
  } catch (error) {
    return answerOf(127, `disco: the live system does not answer: ${error}`);
  }
}

/** The beginning of a stream; who writes more than that is told so by SIGPIPE. */
async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk.subarray(0, most - size));
    size += chunk.length;
    if (size >= most) break;
  }
  return await new Blob(chunks as BlobPart[]).bytes();
}

/**
 * An account that owns nothing, without capabilities: the options of these commands are too many to
 * be sure that a question is one. The log may be read. Who is not root asks as the user who they are.
 */
function unprivileged(): string[] {
  const user = outerUser();
  const end = ["setpriv", "--pdeathsig", "KILL"];
  if (user) return ["unshare", `--map-user=${user.uid}`, `--map-group=${user.gid}`, "--", ...end];
  const readers = /^systemd-journal:[^:]*:(\d+):/m.exec(nameOf(readFile("/etc/group")))?.[1];
  return [
    ...[...end, "--reuid", "65534", "--regid", "65534"],
    ...(readers === undefined ? ["--clear-groups"] : ["--groups", readers]),
    ...["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"],
  ];
}
