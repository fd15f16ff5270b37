/**
 * The evaluator as a process: `deno run` without permissions.
 *
 * @module
 */
import type { Evaluator } from "./evaluator.ts";
import program from "./evaluator.js" with { type: "text" };
import { EvaluatorError } from "./evaluator_error.ts";

/** MiB of heap, and of an answer. */
const MEMORY = 512;
const MAX_ANSWER = 64;

const ARGS = [
  "run",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-npm",
  `--v8-flags=--max-old-space-size=${MEMORY}`,
  `data:text/javascript,${encodeURIComponent(program)}`,
];

/**
 * Start the process; it ends by itself when its input ends, and so with DISCO. In the middle of a
 * template it would not look at its input: there the kernel ends it with its parent (prctl(2)).
 */
export function evaluatorProcess(): Evaluator {
  const child = new Deno.Command("setpriv", {
    args: ["--pdeathsig", "KILL", Deno.execPath(), ...ARGS],
    cwd: "/",
    clearEnv: true,
    // A place where no cache can be written.
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      DENO_DIR: "/dev/null/disco",
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();

  return {
    async ask(request, timeout) {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        kill(child);
      }, timeout);
      try {
        await write(writer, request);
        const line = await readLine(reader);
        if (line !== undefined) return line;
      } finally {
        clearTimeout(timer);
      }
      kill(child);
      const { code, signal } = await child.status;
      throw late ? EvaluatorError.tooLong(timeout) : EvaluatorError.ended(signal ?? `code ${code}`);
    },
    async close() {
      kill(child);
      await writer.close().catch(ignore);
      await reader.cancel();
      await child.status;
    },
  };
}

async function write(writer: WritableStreamDefaultWriter<Uint8Array>, text: string): Promise<void> {
  try {
    await writer.write(new TextEncoder().encode(`${text}\n`));
  } catch {
    // It has died: reading tells.
  }
}

/** The next line without its end; undefined when the process ended or says too much. */
async function readLine(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done || (size += value.length) > MAX_ANSWER << 20) return undefined;
    chunks.push(value);
    if (value.at(-1) === 10) return await new Blob(chunks as BlobPart[]).text();
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

function ignore(): void {}
