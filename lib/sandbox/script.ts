/**
 * Runs one script of a ball in the sandbox.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { parseGnuTime, timedArgv, type Usage } from "../metrics/mod.ts";
import { nameOf, O, open, read, readSmallFile, withFile } from "../posix/mod.ts";
import { SHIM_FOLDER } from "../effects/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import type { OutOfMemory } from "./cgroup.ts";
import { byPath } from "./by_path.ts";
import { environmentOf, SANDBOX_PATH, type ScriptIdentity, STRICT_PATH } from "./environment.ts";
import { launch } from "./launch.ts";
import { memoryLimit } from "./memory.ts";
import type { Outcome } from "./outcome.ts";
import { keepPath, ownPaths, pathRefusals } from "./own_path.ts";
import type { Refusal } from "./refusals.ts";
import { takeAway } from "./take_away.ts";

/** What to run, and how long. */
export interface ScriptOptions extends SandboxOptions {
  readonly ballDir: string;
  readonly identity: ScriptIdentity;
  /** Relative to the ball's folder: `scripts/10-setup`. */
  readonly path: string;
  readonly seconds: number;
  /** Run it under `bash --restricted`, with the commands only that the policy knows. */
  readonly strict: boolean;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
  readonly signal?: AbortSignal | undefined;
}

/** How it ended and what it cost. */
export interface ScriptResult {
  readonly outcome: Outcome;
  readonly usage: Usage | undefined;
  /** What it asked for and did not get. */
  readonly refusals: readonly Refusal[];
}

/** What GNU time says of a program that it cannot start, before its name. */
const NOT_STARTED = `${SHIM_FOLDER}/time: cannot run `;

const NO_INTERPRETER = "its interpreter cannot be started: ";

/** Run a script; everything that it started has ended when this returns. */
export async function runScript(options: ScriptOptions): Promise<ScriptResult> {
  const figures = `${options.union.folder("out")}/figures`;
  takeAway(options.union, figures);
  const script = `${SHIM_FOLDER}/ball/${options.path}`;
  const complaints: string[] = [];
  const interpreter = commandOf(options);
  // The strict mode has a search path that cannot be set.
  const times = options.strict ? 0 : ownPaths(`${options.ballDir}/${options.path}`);
  const argv = timedArgv(
    [...interpreter, script],
    `${SHIM_FOLDER}/out/figures`,
    `${SHIM_FOLDER}/time`,
  );
  const ending = await launch(options, argv, {
    env: {
      ...environmentOf(options.identity, options.strict ? STRICT_PATH : SANDBOX_PATH),
      ...keepPath(times),
      ...(options.strict ? {} : byPath(`${options.ballDir}/${options.path}`)),
    },
    timeout: options.seconds * 1000,
    signal: options.signal,
    onLine: (said, stream) => {
      // What measures the script starts its interpreter.
      const line = said.startsWith(NOT_STARTED)
        ? `${NO_INTERPRETER}${said.slice(NOT_STARTED.length)}`
        : said;
      if (stream === "stderr" && complaints.length < 3) complaints.push(line);
      options.onLine(line, stream);
    },
  });
  const usage = readFigures(figures);
  const refusals = [...ending.refusals, ...pathRefusals(times, interpreter)];
  const result = (outcome: Outcome) => ({ outcome, usage, refusals });
  if (ending.late) return result({ kind: "late", seconds: options.seconds });
  if (options.signal?.aborted) return result({ kind: "interrupted" });
  if (ending.outOfMemory) return result(outOfMemory(options, ending.outOfMemory));
  if (ending.hopeless !== undefined) {
    return result({ kind: "hopeless", question: ending.hopeless });
  }
  if (usage?.signal) return result({ kind: "signaled", signal: usage.signal });
  const why = complaints.find((line) => line.startsWith(NO_INTERPRETER));
  if (usage?.exit === 127 && why) return result({ kind: "not-started", why });
  // The figures lie where the script can write: they cannot make a failure a success.
  if (usage) return result({ kind: "exited", code: usage.exit || ending.code });
  // What measures it ended with it, by a signal to all.
  if (ending.code > 128) return result({ kind: "signaled", signal: ending.code - 128 });
  const how = ending.signal ? `the sandbox was killed by ${ending.signal}` : complaints.join("; ");
  return result({ kind: "not-started", why: how || `exit code ${ending.code}` });
}

/** What to say of a sandbox that was ended because memory ran out. */
export function outOfMemory({ memory }: SandboxOptions, why: OutOfMemory): Outcome {
  return {
    kind: "out-of-memory",
    limit: why === "limit" ? memory ?? memoryLimit(undefined) : undefined,
  };
}

function commandOf({ ballDir, path, strict }: ScriptOptions): string[] {
  const words = interpreterOf(`${ballDir}/${path}`);
  if (!strict) return words;
  const shell = words.map((word) => word.slice(word.lastIndexOf("/") + 1));
  if (
    ["bash", "sh"].some((name) => shell[0] === name || (shell[0] === "env" && shell[1] === name))
  ) {
    return ["/bin/bash", "--restricted"];
  }
  throw new DiscoError(
    `Cannot run ${printable(path)} in the strict mode: it is for ${printable(words.join(" "))}`,
    { hint: "the strict mode runs scripts of bash and sh only" },
  );
}

/**
 * The words of its `#!` line, as the kernel splits them; bash for a script that has none. To the kernel
 * and to bash a carriage return is part of a word: throws for a line that ends with one.
 */
export function interpreterOf(path: string): string[] {
  const bytes = new Uint8Array(256);
  const length = withFile(open(path, O.RDONLY), (fd) => read(fd, bytes, path));
  const line = nameOf(bytes.subarray(0, length)).split("\n")[0]!;
  if (line.startsWith("#!") && line.endsWith("\r")) {
    const name = printable(path.slice(path.lastIndexOf("/") + 1));
    throw new DiscoError(`Cannot run "${name}": its "#!" line ends with a carriage return`, {
      hint: "it has CRLF line ends: convert it, such as with dos2unix",
    });
  }
  const found = /^#!\s*(\S+)(?:\s+(.*\S))?\s*$/.exec(line);
  if (!found) return ["bash"];
  return found[2] === undefined ? [found[1]!] : [found[1]!, found[2]];
}

/** The figures of GNU time from a file that a script may have written; undefined where they are none. */
export function readFigures(path: string): Usage | undefined {
  const bytes = readSmallFile(path);
  if (bytes === undefined) return undefined;
  try {
    return parseGnuTime(nameOf(bytes));
  } catch {
    // The script may have written there; then only its end is known.
    return undefined;
  }
}
