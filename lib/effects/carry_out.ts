/**
 * Effects, on the live system.
 *
 * @module
 */
import { messageOf } from "../error/mod.ts";
import { LastLines } from "../text/last_lines.ts";
import { parseGnuTime, timedArgv, type Usage } from "../metrics/mod.ts";
import { nameOf, readSmallFile } from "../posix/mod.ts";
import { signalName } from "../process/signal_name.ts";
import { supervise } from "../process/supervise.ts";
import { terminalLine } from "../terminal/printable.ts";
import { hadNothingToDo } from "./nothing_to_do.ts";
import type { Effect } from "./record.ts";
import { workingDirectory } from "./working_directory.ts";

/** How an effect ended. */
export interface EffectOutcome {
  readonly effect: Effect;
  readonly ok: boolean;
  /** What went wrong; empty when nothing did. */
  readonly error: string;
  /** The last lines of what it printed when it failed. */
  readonly output: readonly string[];
  /** What it cost, if it came to its end. */
  readonly usage: Usage | undefined;
}

/** With what an effect is carried out. */
export interface EffectOptions {
  readonly env: Record<string, string>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly onLine: (line: string) => void;
  /** The command line that runs the effect's. */
  readonly behind?: (argv: readonly string[]) => string[];
  /** A folder of DISCO's own, for a moment. */
  readonly folder: string;
  /** Ends the command early. */
  readonly signal?: AbortSignal | undefined;
}

/** That of scripts: what an effect makes must not depend on who has started the dance. */
const UMASK = 0o022;

/** Lines that are looked at. */
const MOST_LINES = 100;

/** Carry out one effect; never throws for what the command does. */
export async function carryOut(effect: Effect, options: EffectOptions): Promise<EffectOutcome> {
  const figures = `${options.folder}/effect-figures`;
  try {
    using cwd = workingDirectory(effect.cwd, options.folder);
    const argv = timedArgv(options.behind?.(effect.argv) ?? effect.argv, figures);
    const printed: string[] = [];
    const last = new LastLines();
    const { code, signal, late } = await supervise(argv, {
      ...options,
      onLine: (line) => {
        if (printed.length < MOST_LINES) printed.push(line);
        last.add(terminalLine(line));
        options.onLine(line);
      },
      cwd: cwd.path,
      umask: UMASK,
      env: { ...options.env, ...effect.environment },
      ...(effect.input === undefined ? {} : { input: Uint8Array.fromBase64(effect.input) }),
    });
    const usage = readFigures(figures);
    const isNothing = !signal && !late && printed.length < MOST_LINES &&
      hadNothingToDo(effect.argv, code, printed);
    if (isNothing && !options.signal?.aborted) {
      options.onLine("no process matches: there was nothing to do");
      return { effect, ok: true, error: "", output: [], usage: usage && { ...usage, exit: 0 } };
    }
    const error = options.signal?.aborted
      ? "was interrupted"
      : late
      ? `did not end within ${options.timeout / 1000} s and was killed`
      : signal
      ? `was killed by ${signal}`
      : usage?.signal
      ? `was killed by signal ${signalName(usage.signal)}`
      : code !== 0
      ? `ended with exit code ${code}`
      : "";
    return { effect, ok: error === "", error, output: error === "" ? [] : last.list, usage };
  } catch (error) {
    return failed(effect, messageOf(error));
  }
}

function failed(effect: Effect, error: string): EffectOutcome {
  return { effect, ok: false, error, output: [], usage: undefined };
}

function readFigures(path: string): Usage | undefined {
  const bytes = readSmallFile(path);
  if (bytes === undefined) return undefined;
  Deno.removeSync(path);
  try {
    return parseGnuTime(nameOf(bytes));
  } catch {
    // It was killed before it could write.
    return undefined;
  }
}
