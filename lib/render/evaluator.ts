/**
 * Templates are code from the server, and a dry run must change nothing: so they are carried out
 * where they can do nothing but compute. That is a process of an account of its own between walls:
 * no network, no files but Deno itself and its libraries, no permission of Deno's, a bounded memory;
 * and in it a realm for each ball.
 *
 * @module
 */
import { killGroup } from "../process/kill_group.ts";
import { V8_FLAGS } from "../program/v8_flags.ts";
import { ACCOUNTS, signalOf, spawnWalled, type Walls } from "../walled/mod.ts";
import program from "./evaluator.js" with { type: "text" };
import { EvaluatorError } from "./evaluator_error.ts";
import { EVALUATOR } from "./evaluator_main.ts";
import { Lines } from "./evaluator_lines.ts";
import realm from "./realm.js" with { type: "text" };

/** Something that answers requests of `evaluator.js`, one at a time. */
export interface Evaluator {
  /** Throws an {@linkcode EvaluatorError} when it takes longer than `timeout` ms, or dies. */
  ask(request: string, timeout: number): Promise<string>;
  /** End it; no more requests. */
  close(): Promise<void>;
}

/** MiB: of JavaScript's heap, and of all its memory, buffers too (`RLIMIT_DATA`). */
const HEAP = 512;
const MEMORY = 1024;
/** How long the start may take, in ms; a machine can be very busy. */
const START = 60_000;

const DENO = "/deno";
const ARGS = [
  "run",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-npm",
  `${V8_FLAGS},--max-old-space-size=${HEAP}`,
];

/** The walls; the only file is Deno, or the compiled binary. */
export function evaluatorWalls(): Walls {
  return {
    account: ACCOUNTS.render,
    system: "libraries",
    network: false,
    readsAll: false,
    mounts: [{ from: Deno.execPath(), to: DENO }],
    env: {
      // A place where no cache can be written.
      DENO_DIR: "/dev/null/disco",
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      // Times are the machine's, whose file of it is not there.
      ...timeZone(),
    },
    limits: { data: MEMORY << 20 },
  };
}

/** Start the process; it ends with DISCO. */
export function startEvaluator(): Evaluator {
  const child = spawnWalled(
    evaluatorWalls(),
    Deno.build.standalone
      ? [DENO, EVALUATOR]
      : [DENO, ...ARGS, `data:text/javascript,${encodeURIComponent(program)}`],
    "the renderer of templates",
    { stdin: "piped", stdout: "piped", stderr: "null" },
  );
  const writer = child.stdin.getWriter();
  const lines = new Lines(child.stdout);
  let isReady = false;

  const exchange = async (text: string, timeout: number): Promise<string> => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child.pid);
    }, timeout);
    try {
      await write(writer, text);
      const line = await lines.next();
      if (line !== undefined) return line;
    } finally {
      clearTimeout(timer);
    }
    killGroup(child.pid);
    const { code, signal } = await child.status;
    if (late) throw EvaluatorError.tooLong(timeout);
    if (lines.isTooMuch) throw EvaluatorError.tooMuch();
    throw EvaluatorError.ended(signal ?? signalOf(code) ?? `code ${code}`);
  };
  return {
    async ask(request, timeout) {
      if (!isReady) await exchange(JSON.stringify(realm.replace(/;\s*$/, "")), START);
      isReady = true;
      return await exchange(request, timeout);
    },
    async close() {
      killGroup(child.pid);
      await writer.close().catch(ignore);
      await lines.cancel();
      await child.status;
    },
  };
}

/** The time zone of the machine, as far as it has a name: `TZ`, else where /etc/localtime leads. */
function timeZone(): { TZ?: string } {
  const given = Deno.env.get("TZ");
  if (given !== undefined) return { TZ: given };
  try {
    const [, name] =
      /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(Deno.readLinkSync("/etc/localtime")) ?? [];
    return name === undefined ? {} : { TZ: name };
  } catch {
    return {};
  }
}

async function write(writer: WritableStreamDefaultWriter<Uint8Array>, text: string): Promise<void> {
  try {
    await writer.write(new TextEncoder().encode(`${text}\n`));
  } catch {
    // It has died: reading tells.
  }
}

function ignore(): void {}
