/**
 * `disco check`: whether a dry run of a ball is true, and a second run changes nothing.
 *
 * @module
 */
import { checkBall, checkLines, type Line, subjectOf } from "../lib/check/mod.ts";
import { runCommand } from "../lib/command.ts";
import { makeContext, type Options, parseOptions, usageError } from "../lib/context/mod.ts";
import { GUARD_VALUES, guardsOf } from "./guard_options.ts";
import { becomeRootless } from "../lib/rootless/mod.ts";
import { error, info, plain, printJson, report, warning } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Check that a ball's dry run is true, and its second run idle";

/** Words and own options. */
export const usage = `BALL [options]
  --allow-deletions N  let N paths be deleted, with packages and accounts that go, one each

BALL is the name of a ball in the universe, or its folder UNIVERSE/balls/BALL. It is applied with
what it requires, but nothing is merged or carried out: first as a dry run, then as a live run,
then as a live run on top of that. The first two must agree, and the third must change nothing.
With --verbose the changes are shown, too.`;

const PRINT: Record<Exclude<Line["kind"], "plain">, (text: string) => void> = {
  info,
  warning,
  error,
  report,
};

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { values: GUARD_VALUES, words: 1 });
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

if (import.meta.main) {
  Deno.exit(await runCommand("check", { summary, usage, main }, Deno.args));
}
