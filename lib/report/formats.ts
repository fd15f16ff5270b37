/**
 * The formats of a report.
 *
 * @module
 */
import type { Result } from "../result/mod.ts";
import { jsonPieces } from "../terminal/json.ts";
import { htmlPage } from "./html.ts";
import { prometheusText } from "./prometheus.ts";
import { reportLines, type ReportOptions } from "./text.ts";

/** The report of a result, in pieces. */
export type Formatter = (
  result: Result,
  options: ReportOptions,
) => Iterable<string> | Promise<Iterable<string>>;

/** What `--format` takes. */
export type Format = "text" | "json" | "prometheus" | "html";

/** What makes each format. */
export const FORMATS: Readonly<Record<Format, Formatter>> = {
  text: (result, options) => reportLines(result, options).map((line) => `${line}\n`),
  json: (result) => jsonPieces(result, 2),
  prometheus: (result) => [prometheusText(result)],
  html: async (result) => [await htmlPage(result)],
};
