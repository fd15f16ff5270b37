/**
 * The outcome of a dance, shown as text, HTML, JSON or for Prometheus.
 *
 * @module
 */
export { type Format, FORMATS, type Formatter } from "./formats.ts";
export { historyLines } from "./history_lines.ts";
export { htmlPage } from "./html.ts";
export { prometheusText } from "./prometheus.ts";
export { type DiffMode, shownChanges, type ShownLine, type ShownOptions } from "./shown.ts";
export { headline, outcome, summaryLines } from "./summary.ts";
export { metricLines, reportLines, type ReportOptions } from "./text.ts";
