/**
 * Answers questions about the live system for the commands in the sandbox: whether a service runs,
 * what a kernel setting is. The shim of a command leaves its arguments as a file; the command is run
 * on the live system if the policy says that it only asks, and without the rights to do more.
 *
 * @module
 */
import { commandLine, type Rule, ruleFor, whyNoQuestion } from "../effects/mod.ts";
import {
  bytesOf,
  createFile,
  nameOf,
  readdir,
  readSmallFile,
  rename,
  SyscallError,
} from "../posix/mod.ts";
import { answerOf, askHost } from "./ask_host.ts";

/** Milliseconds between two looks for questions. */
const INTERVAL = 10;
/** Questions that are put to the live system at a time; a script can leave any number. */
const MOST_AT_ONCE = 8;

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
