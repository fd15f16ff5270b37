/**
 * Report what a dance did and what it cost.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { type Context, makeContext } from "../lib/context/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { type Format, FORMATS, reportLines, type ReportOptions } from "../lib/report/mod.ts";
import { latestDance, loadResult } from "../lib/state/mod.ts";
import type { Result } from "../lib/result/mod.ts";
import { writeChosen } from "../lib/files/write_chosen.ts";
import { info, paged, printPieces, report } from "../lib/terminal/mod.ts";

/** Print a report, or write it to a file. */
export async function main(options: Options): Promise<number> {
  const fallback = options.flags.has("json") ? "json" : "text";
  const format = (options.values.get("format") ?? fallback) as Format;
  const ball = options.values.get("ball");
  if (ball !== undefined && format !== "text") {
    throw usageError(`Option "--ball" cannot be used with the format "${format}"`);
  }
  const result = load(await makeContext(options), options.words[0]);
  const selection = ball === undefined ? {} : { ball };
  const output = options.values.get("output");
  if (output === undefined) await show(result, format, selection);
  else {
    const mode = format === "prometheus" ? 0o644 : 0o600;
    writeChosen(output, await FORMATS[format](result, selection), mode);
    info(`wrote the report of dance ${result.dance} to "${output}"`);
  }
  return 0;
}

/** On standard output: text for a person, in a pager where there is one, or the document. */
async function show(result: Result, format: Format, selection: ReportOptions): Promise<void> {
  if (format === "text") await paged(() => report(...reportLines(result, selection)));
  else printPieces(await FORMATS[format](result, selection));
}

function load({ roots }: Context, dance: string | undefined): Result {
  const id = dance ?? latestDance(roots);
  if (id === undefined) {
    throw new DiscoError(`Cannot report: no dance is kept in "${roots.dances}"`, {
      hint: "run disco dance --noop",
    });
  }
  return loadResult(roots, id);
}

if (import.meta.main) Deno.exit(await runAlone("report", main));
