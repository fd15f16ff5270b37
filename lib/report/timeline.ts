/**
 * When the stages and balls of a dance were at work.
 *
 * @module
 */
import type { Metric } from "../metrics/mod.ts";
import { isWholeStage, stepName } from "./steps.ts";

/** One step in the timeline; `left` and `width` are percent of the whole. */
export interface Bar {
  left: string;
  width: string;
  title: string;
  /** 0 to 7, the same for the same stage. */
  colour: number;
  failed: boolean;
}

/** A ball, or the dance itself. */
export interface TimelineRow {
  name: string;
  seconds: string;
  bars: Bar[];
}

/** The timeline, and the stages with their colours. */
export interface Timeline {
  rows: TimelineRow[];
  stages: { name: string; colour: number }[];
}

const COLOURS = 8;

/** Rows of bars for a dance that took `seconds`: the dance first, then balls as they came. */
export function timelineOf(metrics: readonly Metric[], seconds: number): Timeline {
  const steps = placed(metrics);
  const whole = steps.reduce((most, { start, time_real }) => Math.max(most, start + time_real), 0);
  const span = Math.max(whole, seconds, 0.001);
  const stages = [...new Set(steps.map(({ stage }) => stage))];
  const percent = (value: number) => (100 * value / span).toFixed(3);
  const bar = (step: Placed): Bar => ({
    left: percent(step.start),
    width: percent(step.time_real),
    title: `${stepName(step)}: ${step.time_real.toFixed(3)} s${step.exit ? ", failed" : ""}`,
    colour: stages.indexOf(step.stage) % COLOURS,
    failed: step.exit !== 0,
  });
  const rows = [...Map.groupBy(steps, ({ ball }) => ball)].map(([ball, list]) => ({
    name: ball ?? "the dance",
    first: ball === null,
    seconds: list.reduce((sum, { time_real }) => sum + time_real, 0).toFixed(2),
    bars: list.map(bar),
  }));
  return {
    rows: rows.toSorted((a, b) => Number(b.first) - Number(a.first))
      .map(({ first: _first, ...row }) => row),
    stages: stages.map((name, i) => ({ name, colour: i % COLOURS })),
  };
}

type Placed = Metric & { start: number };

/** Steps without a known beginning follow the one before; stages hide behind their own steps. */
function placed(metrics: readonly Metric[]): Placed[] {
  let clock = 0;
  const all = metrics.map((metric) => {
    const start = metric.start ?? clock;
    clock = start + metric.time_real;
    return { ...metric, start };
  });
  const detailed = new Set(all.filter((m) => !isWholeStage(m)).map(key));
  return all.filter((m) => !(isWholeStage(m) && detailed.has(key(m))));
}

function key({ ball, stage }: Metric): string {
  return JSON.stringify([ball, stage]);
}
