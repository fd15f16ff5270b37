/**
 * The outcome of a dance, shown as text, HTML, JSON or for Prometheus.
 *
 * @module
 */
export { type Format, FORMATS, type Formatter } from "./formats.ts";
export {
  type History,
  type HistoryEntry,
  type HistoryGeneration,
  historyLines,
  readHistory,
} from "./history.ts";
export { htmlPage } from "./html.ts";
export { prometheusText } from "./prometheus.ts";
export { latestDance, listDances, loadResult, pruneDances, saveResult } from "./store.ts";
export { type DiffMode, shownChanges, type ShownLine, type ShownOptions } from "./shown.ts";
export { headline, outcome, summaryLines } from "./summary.ts";
export { metricLines, reportLines, type ReportOptions } from "./text.ts";
