/**
 * The report for people, in the original's form.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import type { Metric, UsageField } from "../metrics/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Result } from "../result/result.ts";
import { summaryLines } from "./summary.ts";

/** What to report. */
export interface ReportOptions {
  /** Only this ball. */
  ball?: string;
}

/** The figures of each step, ball by ball, then the summary; one line each, printable. */
export function reportLines(result: Result, options: ReportOptions = {}): string[] {
  const { ball } = options;
  if (ball !== undefined && !result.balls.some(({ name }) => name === ball)) {
    throw new DiscoError(`Cannot report ball "${printable(ball)}": it did not dance`, {
      code: 3,
      hint: `the balls of dance ${result.dance}: ${result.balls.map((b) => b.name).join(", ")}`,
    });
  }
  const metrics = result.metrics.filter((metric) => ball === undefined || metric.ball === ball);
  return [...metricLines(metrics), ...summaryLines(result, { ...options, output: true })];
}

const ROWS: UsageField[][] = [
  ["time_real", "time_user", "time_sys"],
  ["mem_avg", "mem_max", "mem_faults_major", "mem_faults_minor"],
  ["io_fsin", "io_fsout", "io_sockin", "io_sockout", "io_signals"],
];

/** The figures as the original printed them: `ball: stage`, and the steps of the stage below. */
export function metricLines(metrics: readonly Metric[]): string[] {
  const stages = Map.groupBy(metrics, ({ ball, stage }) => `${ball ?? "_internal"}: ${stage}`);
  const balls = Map.groupBy(stages, ([, [first]]) => first!.ball);
  const lines = [...balls.values()].flat();
  return lines.flatMap(([head, steps]) => [printable(head), ...steps.flatMap(stepLines)]);
}

function stepLines(metric: Metric): string[] {
  const named = metric.name !== metric.stage;
  const indent = named ? "       " : "   ";
  const rows = ROWS.map((fields) => fields.map((field) => figure(metric, field)).join(" : "));
  const signal = metric.signal ? ` (signal ${metric.signal})` : "";
  const lines = [...rows, `exit: ${metric.exit}${signal}`].map((row) => indent + row);
  return named ? [`   ${printable(metric.name)} :`, ...lines] : lines;
}

function figure(metric: Metric, field: UsageField): string {
  const value = metric[field];
  return `${field} ${field.startsWith("time_") ? value.toFixed(2) : value}`;
}
