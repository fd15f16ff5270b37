/**
 * Stage `report`: the outcome of the dance, kept.
 *
 * @module
 */
import { pruneDances, type Result, saveResult } from "../report/mod.ts";
import type { Dance } from "./dance.ts";

/** Dances that are kept, unless `disco/client/dances` says otherwise. */
const DEFAULT_DANCES = 50;

/** Put together what is known of the dance. */
export function resultOf(dance: Dance): Result {
  const { context, progress, meter } = dance;
  const balls = (progress.plan?.order ?? []).map(({ name }) => ({
    name,
    ...progress.balls[name] ?? { status: "skipped" as const, changes: 0, error: null },
  }));
  const isOk = progress.error === null && balls.every(({ status }) => status === "ok") &&
    progress.results.every(({ status }) => status !== "failed");
  return {
    schema: 1,
    dance: dance.id,
    node: context.node,
    noop: context.noop,
    ok: isOk,
    merged: progress.generation !== null,
    started: new Date(meter.began).toISOString(),
    finished: new Date().toISOString(),
    error: progress.error,
    generation: progress.generation,
    balls,
    changes: progress.difference?.changes ?? [],
    effects: progress.results,
    notSimulated: progress.notSimulated,
    orphans: progress.orphans,
    metrics: [...meter.list],
  };
}

/** Keep the outcome under `<var>/dances/<id>`, and let go of the oldest ones. */
export function keep(dance: Dance): Result {
  const result = resultOf(dance);
  const { roots, settings } = dance.context;
  saveResult(roots, result);
  pruneDances(roots, settings.number("disco/client/dances", DEFAULT_DANCES, 1));
  return result;
}
