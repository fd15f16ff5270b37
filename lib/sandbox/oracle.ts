/**
 * Answers questions about the live system for the commands in the sandbox: whether a service runs,
 * what a kernel setting is. The shim of a command leaves its arguments as a file; the command is run
 * on the live system if the policy says that it only asks, and without the rights to do more.
 *
 * @module
 */
import { type Rule, ruleFor } from "../effects/mod.ts";
import { nameOf, readdir, readFile } from "../posix/mod.ts";
import { LIVE_PATH } from "./environment.ts";

/** Milliseconds between two looks for questions. */
const INTERVAL = 10;
/** Milliseconds after which a question is given up. */
const TIMEOUT = 10_000;

/** Answers as long as it is not disposed. */
export class Oracle implements Disposable {
  readonly #folder: string;
  readonly #rules: readonly Rule[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #seen = new Set<string>();

  /** @param folder Where the questions lie; as the calling thread sees it. */
  constructor(folder: string, rules: readonly Rule[]) {
    this.#folder = folder;
    this.#rules = rules;
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** Answer no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const { name, type } of readdir(this.#folder)) {
      if (type !== "file" || !name.endsWith(".question") || this.#seen.has(name)) continue;
      this.#seen.add(name);
      const path = `${this.#folder}/${name}`;
      void this.#answer(
        path.replace(/\.question$/, ""),
        nameOf(readFile(path)).split("\0").slice(0, -1),
      );
    }
  }

  async #answer(base: string, argv: readonly string[]): Promise<void> {
    const { output, code } = ruleFor(this.#rules, argv)?.verdict === "host"
      ? await askHost(argv)
      : { output: new TextEncoder().encode("disco: this is no question\n"), code: 126 };
    try {
      Deno.writeFileSync(`${base}.output`, output);
      Deno.writeTextFileSync(`${base}.new`, String(code));
      Deno.renameSync(`${base}.new`, `${base}.status`);
    } catch (error) {
      // Whoever asked has ended, and its folder with it.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function askHost(argv: readonly string[]): Promise<{ output: Uint8Array; code: number }> {
  try {
    const { stdout, stderr, code } = await new Deno.Command("setpriv", {
      args: [...unprivileged(), "--", ...argv],
      env: { PATH: LIVE_PATH, LANG: "C.UTF-8", HOME: "/root", SYSTEMD_PAGER: "" },
      clearEnv: true,
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(TIMEOUT),
    }).output();
    return { output: new Uint8Array([...stdout, ...stderr]), code };
  } catch (error) {
    return { output: new TextEncoder().encode(`disco: ${error}\n`), code: 127 };
  }
}

/**
 * An account that owns nothing, without capabilities: the options of these commands are too many to
 * be sure that a question is one. The log may be read.
 */
function unprivileged(): string[] {
  const readers = /^systemd-journal:[^:]*:(\d+):/m.exec(nameOf(readFile("/etc/group")))?.[1];
  return [
    ...["--reuid", "65534", "--regid", "65534"],
    ...(readers === undefined ? ["--clear-groups"] : ["--groups", readers]),
    ...["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"],
  ];
}
