/**
 * Measured steps, added up and sorted.
 *
 * @module
 */
import type { Metric } from "../metrics/mod.ts";

/** Seconds that a stage took for a ball, or for the whole dance. */
export interface StageTime {
  ball: string | null;
  stage: string;
  seconds: number;
}

/** The time of each ball and stage: of the stage as a whole where measured, else of its steps. */
export function stageTimes(metrics: readonly Metric[]): StageTime[] {
  const stages = Map.groupBy(metrics, ({ ball, stage }) => JSON.stringify([ball, stage]));
  return [...stages.values()].map((steps) => {
    const { ball, stage } = steps[0]!;
    const totals = steps.filter(isWholeStage);
    const seconds = sum(totals.length > 0 ? totals : steps);
    return { ball, stage, seconds };
  });
}

/** Seconds for a ball, over all stages. */
export function ballSeconds(metrics: readonly Metric[], ball: string): number {
  const stages = stageTimes(metrics.filter((metric) => metric.ball === ball));
  return stages.reduce((total, { seconds }) => total + seconds, 0);
}

/** The steps that took longest, slowest first, without stages whose steps are known. */
export function slowestSteps(metrics: readonly Metric[], count = 5): Metric[] {
  return metrics.filter((step) => step.time_real > 0 && !hasParts(step, metrics))
    .toSorted((a, b) => b.time_real - a.time_real)
    .slice(0, count);
}

/** A step in words: `ball: stage: name`. */
export function stepName({ ball, stage, name }: Metric): string {
  return [ball ?? "_internal", stage, ...(name === stage ? [] : [name])].join(": ");
}

/** Whether a metric is that of a stage, and not of a step in it. */
export function isWholeStage({ stage, name }: Metric): boolean {
  return stage === name;
}

function hasParts(step: Metric, metrics: readonly Metric[]): boolean {
  if (!isWholeStage(step)) return false;
  const ofBall = (other: Metric) => step.ball === null || other.ball === step.ball;
  return metrics.some((other) => other !== step && other.stage === step.stage && ofBall(other));
}

function sum(steps: readonly Metric[]): number {
  return steps.reduce((total, { time_real }) => total + time_real, 0);
}
