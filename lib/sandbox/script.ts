/**
 * Runs one script of a ball in the sandbox.
 *
 * @module
 */
import { GNU_TIME_FORMAT, parseGnuTime, type Usage } from "../metrics/mod.ts";
import { lstat, nameOf, O, open, read, readFile, withFile } from "../posix/mod.ts";
import { SHIM_FOLDER } from "../effects/mod.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { environmentOf, SANDBOX_PATH, type ScriptIdentity } from "./environment.ts";
import { launch } from "./launch.ts";
import type { Outcome } from "./outcome.ts";

/** What to run, and how long. */
export interface ScriptOptions extends SandboxOptions {
  readonly ballDir: string;
  readonly identity: ScriptIdentity;
  /** Relative to the ball's folder: `scripts/10-setup`. */
  readonly path: string;
  readonly seconds: number;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
  readonly signal?: AbortSignal | undefined;
}

/** How it ended and what it cost. */
export interface ScriptResult {
  readonly outcome: Outcome;
  readonly usage: Usage | undefined;
}

/** Run a script; everything that it started has ended when this returns. */
export async function runScript(options: ScriptOptions): Promise<ScriptResult> {
  const figures = `${options.union.folder("volatile")}/run/disco/out/figures`;
  if (lstat(figures)) Deno.removeSync(figures);
  const script = `${SHIM_FOLDER}/ball/${options.path}`;
  const complaints: string[] = [];
  const argv = [
    ...[`${SHIM_FOLDER}/time`, "--format", GNU_TIME_FORMAT],
    ...["--output", `${SHIM_FOLDER}/out/figures`],
    ...interpreterOf(`${options.ballDir}/${options.path}`),
    script,
  ];
  const ending = await launch(options, argv, {
    env: environmentOf(options.identity, SANDBOX_PATH),
    timeout: options.seconds * 1000,
    signal: options.signal,
    onLine: (line, stream) => {
      if (stream === "stderr" && complaints.length < 3) complaints.push(line);
      options.onLine(line, stream);
    },
  });
  const usage = readFigures(figures);
  const late = { kind: "late", seconds: options.seconds } as const;
  if (ending.late) return { outcome: late, usage };
  if (options.signal?.aborted) return { outcome: { kind: "interrupted" }, usage };
  if (usage?.signal) return { outcome: { kind: "signaled", signal: usage.signal }, usage };
  // The figures lie where the script can write: they cannot make a failure a success.
  if (usage) return { outcome: { kind: "exited", code: usage.exit || ending.code }, usage };
  const how = ending.signal ? `the sandbox was killed by ${ending.signal}` : complaints.join("; ");
  return { outcome: { kind: "not-started", why: how || `exit code ${ending.code}` }, usage };
}

/** The words of its `#!` line, as the kernel splits them; bash for a script that has none. */
export function interpreterOf(path: string): string[] {
  const bytes = new Uint8Array(256);
  const length = withFile(open(path, O.RDONLY), (fd) => read(fd, bytes, path));
  const line = nameOf(bytes.subarray(0, length)).split("\n")[0]!;
  const found = /^#!\s*(\S+)(?:\s+(.*\S))?\s*$/.exec(line);
  if (!found) return ["bash"];
  return found[2] === undefined ? [found[1]!] : [found[1]!, found[2]];
}

function readFigures(path: string): Usage | undefined {
  if (lstat(path)?.type !== "file") return undefined;
  try {
    return parseGnuTime(nameOf(readFile(path)));
  } catch {
    // The script may have written there; then only its end is known.
    return undefined;
  }
}
