/**
 * Answers questions about the live system for the commands in the sandbox: whether a service runs,
 * what a kernel setting is. The shim of a command leaves its arguments as a file; the command is run
 * on the live system if the policy says that it only asks, and without the rights to do more.
 *
 * @module
 */
import {
  commandLine,
  PROCESS_COMMANDS,
  type Rule,
  ruleFor,
  WAITS,
  whyNoQuestion,
  whyNotYet,
} from "../effects/mod.ts";
import {
  bytesOf,
  createFile,
  machineView,
  nameOf,
  readdir,
  readSmallFileAndStat,
  rename,
  SyscallError,
  unlink,
} from "../posix/mod.ts";
import { type Answer, answerOf, askHost } from "./ask_host.ts";
import { answerBusy, BUSY } from "./busy.ts";
import { whyHidden } from "./own_processes.ts";

/** Milliseconds between two looks for questions. */
const INTERVAL = 10;
/** Bounds on what a script can leave, which is anything. */
export const MOST = {
  /** Questions that are put to the live system at a time. */
  atOnce: 8,
  /** Questions of one script. */
  questions: 10_000,
  /** Names in the folder that are looked at at a time. */
  names: 4_096,
  /** Bytes of all answers to one script. */
  answers: 256 << 20,
  /** Refused questions that are kept for the report, and characters of each. */
  refused: 100,
  letters: 500,
  /** How often one question is refused, before it is taken for a loop that waits for an answer. */
  repeated: 50,
} as const;
/** What ends a question that has more to say than is listened to. */
const ENOUGH = "SIGPIPE";
/** What a question for what is not there says. */
const NOTHING: Answer = { code: 1, output: new Uint8Array(), errors: new Uint8Array() };
/** Milliseconds that a question gets to end after it was killed. */
const LAST_WAIT = 500;

/** Answers as long as it is not disposed. */
export class Oracle implements AsyncDisposable {
  /** The questions that were not put to the live system, and why; the first ones. */
  readonly refused: string[] = [];
  readonly #folder: string;
  readonly #rules: readonly Rule[];
  readonly #waiting: () => readonly (readonly string[])[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #asked = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #repeated = new Map<string, number>();
  readonly #hopeless = new AbortController();
  #questions = 0;
  #bytes = 0;

  /**
   * @param folder Where the questions lie; as the calling thread sees it.
   * @param isLive Whether the tree that is configured is that of the running system.
   * @param waiting The command lines of the effects that were asked for until now.
   */
  constructor(
    folder: string,
    rules: readonly Rule[],
    readonly isLive = true,
    waiting: () => readonly (readonly string[])[] = () => [],
  ) {
    this.#folder = folder;
    this.#rules = rules;
    this.#waiting = waiting;
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** Aborted when a question has been refused so often that the script seems to wait for an answer. */
  get hopeless(): AbortSignal {
    return this.#hopeless.signal;
  }

  /** Answer no more; resolves when nothing that was asked runs any more, or cannot be ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((done) => timer = setTimeout(done, LAST_WAIT));
    await Promise.race([Promise.all(this.#asked), late]);
    clearTimeout(timer);
  }

  #look(): void {
    const names = readdir(this.#folder, undefined, MOST.names);
    if (names.length === MOST.names) {
      this.#note(`more than ${MOST.names} files in /run/disco/ask: some questions are not seen`);
    }
    for (const { name, type } of names) {
      if (type !== "file" || !name.endsWith(".question")) continue;
      if (this.#asked.size === MOST.atOnce) return;
      const base = `${this.#folder}/${name.slice(0, -".question".length)}`;
      const file = readSmallFileAndStat(`${this.#folder}/${name}`);
      // A look later it would be asked again.
      if (!isRemoved(`${this.#folder}/${name}`)) continue;
      const asked = this.#answer(base, file?.bytes, file?.stat.uid).finally(() =>
        this.#asked.delete(asked)
      );
      this.#asked.add(asked);
    }
  }

  async #answer(base: string, question: Uint8Array | undefined, uid?: number): Promise<void> {
    const argv = question && nameOf(question).split("\0").slice(0, -1);
    const { output, errors, code } = await this.#ask(argv, uid);
    this.#bytes += output.length + errors.length;
    try {
      // New files only: the folder is the sandbox's, and a link there leads anywhere.
      createFile(`${base}.output`, output);
      createFile(`${base}.errors`, errors);
      createFile(`${base}.new`, bytesOf(String(code)));
      rename(`${base}.new`, `${base}.status`);
    } catch (error) {
      // The program that asked has ended, and its folder is gone; or it does not wait for an answer.
      if (!(error instanceof SyscallError)) throw error;
    }
  }

  async #ask(argv: readonly string[] | undefined, uid?: number): Promise<Answer> {
    // The answers are those that root gets: the log, who runs what, labels of disks.
    const isOthers = argv !== undefined && uid !== Deno.uid();
    if (!isOthers && argv?.[0] === BUSY) return this.isLive ? answerBusy(argv) : answerOf(1, "");
    if (!isOthers && argv?.[0] === WAITS) return this.#answerWaits(argv.slice(1));
    const why = isOthers ? `only root may ask, and uid ${uid} did` : this.#whyNot(argv);
    if (why !== undefined) return this.#refuse(argv, why);
    // In a tree that is not the live one nothing runs.
    if (!this.isLive && PROCESS_COMMANDS.includes(argv![0]!)) return NOTHING;
    const answer = await askHost(argv!, this.#end.signal);
    const gap = this.#end.signal.aborted ? undefined : whyNoAnswer(argv![0]!, answer);
    return gap === undefined ? answer : this.#refuse(argv, gap);
  }

  #answerWaits(argv: readonly string[]): Answer {
    const why = this.#whyTooMany() ?? whyNotYet(argv, this.#waiting);
    return why === undefined ? answerOf(0, "") : this.#refuse(argv, why);
  }

  #refuse(argv: readonly string[] | undefined, why: string): Answer {
    const shown = argv ? commandLine(argv.slice(0, MOST.letters)).slice(0, MOST.letters) : "it";
    this.#note(`${shown}: ${why}`);
    if (argv?.length) this.#count(shown);
    return answerOf(126, `disco: "${shown}" is not put to the live system: ${why}`);
  }

  #count(refused: string): void {
    const times = (this.#repeated.get(refused) ?? 0) + 1;
    if (this.#repeated.size < MOST.refused || times > 1) this.#repeated.set(refused, times);
    if (times === MOST.repeated) this.#hopeless.abort(refused);
  }

  #whyNot(argv: readonly string[] | undefined): string | undefined {
    const tooMany = this.#whyTooMany();
    if (tooMany !== undefined) return tooMany;
    if (argv === undefined) return "the question is too long, or is not a plain file";
    if (ruleFor(this.#rules, argv)?.verdict !== "host" || argv[0]?.includes("/")) {
      return "the policy does not know it as a question";
    }
    if (!machineView().readsAll && argv[0] === "blkid") return "only root may read devices";
    const hidden = PROCESS_COMMANDS.includes(argv[0] ?? "") ? whyHidden() : undefined;
    return hidden ?? whyNoQuestion(argv) ?? whyNotYet(argv, this.#waiting);
  }

  #whyTooMany(): string | undefined {
    if (++this.#questions > MOST.questions) return `more than ${MOST.questions} questions`;
    return this.#bytes > MOST.answers
      ? `more than ${MOST.answers >> 20} MiB of answers`
      : undefined;
  }

  #note(what: string): void {
    if (this.refused.length < MOST.refused && !this.refused.includes(what)) this.refused.push(what);
  }
}

/** Why what came is not an answer, and especially not the answer "no"; undefined if it is one. */
function whyNoAnswer(command: string, { code, signal, errors }: Answer): string | undefined {
  if (signal && signal !== ENOUGH) return `it did not answer, and was ended by ${signal}`;
  if (command !== "pgrep" || code <= 1) return undefined;
  const [said = ""] = nameOf(errors.subarray(0, MOST.letters)).split("\n");
  return `it failed with ${code}: ${said}`;
}

function isRemoved(path: string): boolean {
  try {
    unlink(path);
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
