/**
 * What GNU time says about a process.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { emptyUsage, type Usage, USAGE_FIELDS } from "./metric.ts";

/**
 * The format for `time --format`: one line `disco-time` and the figures in the order of
 * {@linkcode USAGE_FIELDS}. Use it with `--output FILE`, out of the program's reach.
 */
export const GNU_TIME_FORMAT = "disco-time %e %U %S %K %M %F %R %I %O %r %s %k %x";

/** GNU time. */
export const TIME = "/usr/bin/time";

/** The command, run by GNU time, which writes its figures to a file. */
export function timedArgv(argv: readonly string[], output: string, time = TIME): string[] {
  return [time, "--format", GNU_TIME_FORMAT, "--output", output, ...argv];
}

const LINE = new RegExp(`^disco-time((?: \\d+(?:\\.\\d+)?){${USAGE_FIELDS.length}})$`, "gm");
const SIGNAL = /^Command (?:terminated|stopped) by signal (\d+)$/gm;

/**
 * Parse the file that GNU time wrote; the last line counts, because the file may be appended to.
 *
 * GNU time gives exit code 0 for a process that a signal ended; here it is 128 + the signal, as a
 * shell has it. Throws a {@linkcode DiscoError} if there is no line of figures: time itself failed.
 */
export function parseGnuTime(text: string): Usage {
  const line = [...text.matchAll(LINE)].at(-1);
  if (!line) throw new DiscoError(`Cannot read the figures of GNU time: ${describe(text)}`);
  const figures = line[1]!.trim().split(" ").map(Number);
  const usage = emptyUsage();
  USAGE_FIELDS.forEach((field, i) => usage[field] = figures[i]!);
  const before = text.slice(0, line.index).split(/^disco-time.*$/m).at(-1)!;
  const signal = Number([...before.matchAll(SIGNAL)].at(-1)?.[1] ?? 0);
  return signal > 0 ? { ...usage, signal, exit: 128 + signal } : usage;
}

function describe(text: string): string {
  return text.trim() === "" ? "its file is empty" : `got ${JSON.stringify(text.slice(0, 200))}`;
}
