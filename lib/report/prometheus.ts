/**
 * The outcome of a dance for node_exporter's textfile collector.
 *
 * @module
 */
import { printable } from "../terminal/printable.ts";
import { durationOf, type Result } from "../result/result.ts";
import { stageTimes } from "./steps.ts";

interface Sample {
  labels?: Record<string, string>;
  value: number;
}

/**
 * Prometheus' text format. Every gauge is there in every dance, with 0 where there is nothing, so
 * that alerts need no `absent()`. No time stamps: the textfile collector refuses them.
 */
export function prometheusText(result: Result): string {
  const yes = (value: boolean) => [{ value: value ? 1 : 0 }];
  return [
    gauge("success", "Whether the last dance succeeded.", yes(result.ok)),
    gauge("noop", "Whether the last dance was a dry run.", yes(result.noop)),
    gauge("merged", "Whether the last dance merged its changes.", yes(result.merged)),
    gauge("timestamp_seconds", "When the last dance finished, in seconds since 1970.", [
      { value: Date.parse(result.finished) / 1000 },
    ]),
    gauge("duration_seconds", "How long the last dance took.", [{ value: durationOf(result) }]),
    gauge("changes", "Changed paths.", [{ value: result.changes.length }]),
    gauge("balls", "Balls by status.", counted(["ok", "failed", "skipped"], result.balls)),
    gauge(
      "effects",
      "Effects by status.",
      counted(["would-run", "done", "failed", "skipped"], result.effects),
    ),
    gauge("owed_effects", "Effects of this and earlier dances that are owed.", [
      { value: result.owed?.length ?? 0 },
    ]),
    gauge(
      "owed_since_seconds",
      "When the oldest owed effect failed first, 0 without one.",
      [
        { value: Math.min(...(result.owed ?? []).map(({ since }) => Date.parse(since) / 1000)) },
      ].map(({ value }) => ({ value: Number.isFinite(value) ? value : 0 })),
    ),
    gauge("not_simulated", "Actions that could not be simulated.", [
      { value: result.notSimulated.length },
    ]),
    gauge("ball_changes", "Paths that a ball changed.", ballChanges(result)),
    gauge(
      "stage_duration_seconds",
      "Seconds in a stage, by ball; no ball: the dance itself.",
      stageDurations(result),
    ),
  ].join("");
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const full = `disco_dance_${name}`;
  if (samples.length === 0) return "";
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${full}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
  });
  return [`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines, ""].join("\n");
}

function counted(statuses: readonly string[], list: readonly { status: string }[]): Sample[] {
  return statuses.map((status) => ({
    labels: { status },
    value: list.filter((one) => one.status === status).length,
  }));
}

function ballChanges(result: Result): Sample[] {
  return result.balls.map(({ name, changes }) => ({ labels: { ball: name }, value: changes }));
}

/** One sample for each ball and stage: two with the same labels would spoil the whole file. */
function stageDurations(result: Result): Sample[] {
  return stageTimes(result.metrics).map(({ ball, stage, seconds }) => ({
    labels: { ball: ball ?? "", stage },
    value: Number(seconds.toFixed(6)),
  }));
}

function escapeLabel(text: string): string {
  return printable(text).replaceAll(/[\\"\n]/g, (c) => c === "\n" ? "\\n" : `\\${c}`);
}
