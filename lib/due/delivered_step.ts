/**
 * The record of delivered files, taken back with the merge that changed it.
 *
 * @module
 */
import type { DeliveredBall, DeliveredRecord } from "../state/mod.ts";
import type { DeliveredStep } from "./due.ts";

/** The step from one record to another; null if nothing changes. */
export function stepBetween(
  before: DeliveredRecord,
  after: DeliveredRecord,
): DeliveredStep | null {
  const balls = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = balls.filter((ball) => !isSame(before[ball], after[ball]));
  if (changed.length === 0) return null;
  return { after, before: Object.fromEntries(changed.map((ball) => [ball, before[ball] ?? null])) };
}

/** The record without a step. What later dances have delivered stays. */
export function withoutStep(record: DeliveredRecord, step: DeliveredStep): DeliveredRecord {
  const result: Record<string, DeliveredBall> = { ...record };
  for (const [ball, before] of Object.entries(step.before)) {
    const undone = withoutBall(record[ball], before, step.after[ball]);
    if (undone) result[ball] = undone;
    else delete result[ball];
  }
  return result;
}

function withoutBall(
  now: DeliveredBall | undefined,
  before: DeliveredBall | null,
  after: DeliveredBall | undefined,
): DeliveredBall | undefined {
  if (isSame(now, after)) return before ?? undefined;
  const paths = { ...now?.paths };
  const touched = new Set([
    ...Object.keys(before?.paths ?? {}),
    ...Object.keys(after?.paths ?? {}),
  ]);
  for (const path of touched) {
    const [old, merged] = [before?.paths[path], after?.paths[path]];
    // What differs from what the merge left is of a later dance.
    if (!isSame(now?.paths[path], merged) || isSame(old, merged)) continue;
    if (old) paths[path] = old;
    else delete paths[path];
  }
  const purge = isSame(now?.purge, after?.purge) ? before?.purge ?? [] : now?.purge ?? [];
  return Object.keys(paths).length === 0 && before === null ? undefined : { ...now, purge, paths };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
