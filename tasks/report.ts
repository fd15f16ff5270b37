/**
 * Report what a dance did and what it cost.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { type Context, makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import { DiscoError } from "../lib/error.ts";
import {
  htmlPage,
  latestDance,
  loadResult,
  prometheusText,
  reportLines,
  type ReportOptions,
  type Result,
  writeFileAtomic,
} from "../lib/report/mod.ts";
import { info, jsonPieces, paged, print, printJson, report } from "../lib/terminal/mod.ts";

export const summary = "Show what a dance did and what it cost";

export const usage = `[DANCE] [options]
  DANCE          the dance's id (default: the last one, see disco history)
  --ball NAME    this ball only (text)
  --format NAME  text, json, prometheus (textfile collector) or html (one page)
  --output FILE  write FILE at once instead of printing; a new file is readable for its owner
                 only, except with prometheus`;

const FORMATS = ["text", "json", "prometheus", "html"] as const;
type Format = typeof FORMATS[number];

/** Print a report, or write it to a file. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { values: ["ball", "format", "output"], words: 1 });
  const format = parseFormat(options.values.get("format") ?? (options.flags.has("json") && "json"));
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
    writeFileAtomic(output, await render(result, format, selection), mode);
    info(`wrote the report of dance ${result.dance} to "${output}"`);
  }
  return 0;
}

async function show(result: Result, format: Format, selection: ReportOptions): Promise<void> {
  switch (format) {
    case "text":
      await paged(() => report(...reportLines(result, selection)));
      break;
    case "json":
      printJson(result);
      break;
    case "prometheus":
      print(prometheusText(result));
      break;
    case "html":
      print(await htmlPage(result));
  }
}

function parseFormat(text: string | false): Format {
  const format = FORMATS.find((name) => name === (text || "text"));
  if (!format) throw usageError(`Unknown format "${text}": expected ${FORMATS.join(", ")}`);
  return format;
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

function render(
  result: Result,
  format: Format,
  selection: ReportOptions,
): Iterable<string> | Promise<string> {
  switch (format) {
    case "text":
      return reportLines(result, selection).map((line) => `${line}\n`);
    case "json":
      return jsonPieces(result, 2);
    case "prometheus":
      return prometheusText(result);
    case "html":
      return htmlPage(result);
  }
}

if (import.meta.main) Deno.exit(await runCommand("report", { summary, usage, main }, Deno.args));
