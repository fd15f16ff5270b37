/**
 * `disco check`: whether a dry run of a ball is true, and a second run changes nothing.
 *
 * @module
 */
import { checkBall, checkLines, type Line, subjectOf } from "../lib/check/mod.ts";
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { guardsOf } from "./guard_options.ts";
import { becomeRootless } from "../lib/rootless/mod.ts";
import { error, info, plain, printJson, report, warning } from "../lib/terminal/mod.ts";

const PRINT: Record<Exclude<Line["kind"], "plain">, (text: string) => void> = {
  info,
  warning,
  error,
  report,
};

/** Run it. */
export async function main(options: Options, argv: readonly string[]): Promise<number> {
  const [word, ...rest] = options.words;
  if (word === undefined || rest.length > 0) throw usageError("Expected the name of one ball");
  return await check(word, options, ["check", ...argv]);
}

/** Check the ball that a word names; `again` are the words that start the command anew. */
export async function check(
  word: string,
  options: Options,
  again: readonly string[],
): Promise<number> {
  const subject = subjectOf(word);
  if (subject.universe !== undefined && options.values.has("server")) {
    throw usageError(`"--server" and the folder "${word}" name two universes`);
  }
  await becomeRootless("check a ball", again);
  const context = await makeContext(options);
  const result = await checkBall(context, subject, guardsOf(options));
  if (context.json) printJson(result);
  else checkLines(result, { all: options.flags.has("verbose") }).forEach(printLine);
  return result.ok ? 0 : 1;
}

function printLine({ kind, text, colour: code = "" }: Line): void {
  if (kind === "plain") plain(text, code);
  else PRINT[kind](text);
}

if (import.meta.main) Deno.exit(await runAlone("check", main));
