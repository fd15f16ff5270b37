/**
 * Report what a dance did and what it cost.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { type Context, makeContext } from "../lib/context/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
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

const FORMATS = ["text", "json", "prometheus", "html"] as const;
type Format = typeof FORMATS[number];

/** Print a report, or write it to a file. */
export async function main(options: Options): Promise<number> {
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
  return FORMATS.find((name) => name === text) ?? "text";
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

if (import.meta.main) Deno.exit(await runAlone("report", main));
