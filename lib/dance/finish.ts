/**
 * Stage `report`: the outcome of the dance, kept.
 *
 * @module
 */
import type { Owed } from "../due/mod.ts";
import { DiscoError, explained } from "../error/mod.ts";
import { pruneDances, saveResult } from "../state/mod.ts";
import type { Result } from "../result/mod.ts";
import { debugStack, failure, warning } from "../terminal/mod.ts";
import { VERSION } from "../program/version.ts";
import type { Dance } from "./dance.ts";
import { listOwed, owedEntry } from "./due.ts";
import { pruneGenerations } from "./merge.ts";
import { Compared, generationOf, Listed, Planned } from "./values.ts";
import { own } from "../text/own.ts";

/** Put together what is known of the dance, however far it has come; and what is owed. */
export function resultOf(dance: Dance, owed: readonly Owed[]): Result {
  const { context, progress, meter } = dance;
  const order = dance instanceof Planned ? dance.order : [];
  const effects = dance instanceof Listed ? dance.results : [];
  const comparison = dance instanceof Compared ? dance.comparison : undefined;
  const generation = generationOf(dance);
  const balls = order.map((name) => ({
    name,
    ...own(progress.balls, name) ?? { status: "skipped" as const, changes: 0, error: null },
  }));
  const isOk = progress.error === null && balls.every(({ status }) => status === "ok") &&
    effects.every(({ status }) => status !== "failed") &&
    (context.noop || owed.length === 0);
  return {
    schema: 1,
    version: VERSION,
    dance: dance.id,
    node: context.node,
    ...progress.universe === undefined ? {} : { universe: progress.universe },
    noop: context.noop,
    ok: isOk,
    merged: generation !== null,
    started: new Date(meter.began).toISOString(),
    finished: new Date().toISOString(),
    error: progress.error,
    generation,
    balls,
    changes: comparison?.difference.changes ?? [],
    effects: [...effects],
    ...(progress.checks.length > 0 ? { checks: progress.checks } : {}),
    owed: owed.map(owedEntry),
    notSimulated: progress.notSimulated,
    orphans: [...comparison?.orphans ?? []],
    metrics: [...meter.list],
  };
}

/**
 * Keep the outcome under `<var>/dances/<id>`, then let go of old dances and generations. A dance
 * whose outcome cannot be kept has failed, and yet is told.
 */
export async function keep(dance: Dance): Promise<Result> {
  const { roots, settings } = dance.context;
  const result = resultOf(dance, await listOwed(dance.context));
  try {
    saveResult(roots, result);
  } catch (thrown) {
    const e = explained(thrown, "keep the outcome of the dance");
    failure(e);
    debugStack(e);
    return { ...result, ok: false, error: result.error ?? e.message };
  }
  try {
    pruneDances(roots, settings.number("disco/client/dances"));
    if (result.merged) await pruneGenerations(dance);
  } catch (thrown) {
    warning(explained(thrown, "let go of old dances and generations").message);
  }
  return result;
}

/** Whether it ends for the way it was asked for, with nothing merged: then nothing is kept of it. */
export function isUsedWrongly(dance: Dance, error: unknown): boolean {
  return error instanceof DiscoError && error.code === 3 && generationOf(dance) === null;
}

/** Keep what is known so far, in case that this process does not come to its end. */
export function keepSoFar(dance: Dance, error: string): void {
  const result = resultOf(dance, []);
  saveResult(dance.context.roots, { ...result, ok: false, error: result.error ?? error });
}
