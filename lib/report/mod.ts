/**
 * The outcome of a dance: kept, listed, and shown as text, HTML, JSON or for Prometheus.
 *
 * @module
 */
export { isDanceId, newDanceId, parseDanceId } from "./dance_id.ts";
export {
  type History,
  type HistoryEntry,
  type HistoryGeneration,
  historyLines,
  readHistory,
} from "./history.ts";
export { htmlPage } from "./html.ts";
export { prometheusText } from "./prometheus.ts";
export { redactChange } from "./redact.ts";
export {
  type BallResult,
  durationOf,
  type EffectResult,
  type NotSimulated,
  type NotSimulatedKind,
  type OwedEffect,
  type Result,
} from "./result.ts";
export { latestDance, listDances, loadResult, pruneDances, saveResult } from "./store.ts";
export { orphansLine } from "./orphans_line.ts";
export { type DiffMode, shownChanges, type ShownLine, type ShownOptions } from "./shown.ts";
export { headline, outcome, owedWords, summaryLines } from "./summary.ts";
export { metricLines, reportLines, type ReportOptions } from "./text.ts";
export { writeFileAtomic } from "./write_file.ts";
