/**
 * The record of delivered files around a merge: what changes in it, and no more, because it can have
 * many thousand paths.
 *
 * @module
 */
import type { Delivered, DeliveredBall, DeliveredRecord } from "../state/mod.ts";
import type { DeliveredStep } from "./due.ts";
import { own } from "../text/own.ts";

/** The step from one record to another; null if nothing changes. */
export function stepBetween(
  before: DeliveredRecord,
  after: DeliveredRecord,
): DeliveredStep | null {
  const step = {
    before: {} as Record<string, DeliveredBall | null>,
    after: {} as Record<string, DeliveredBall | null>,
  };
  for (const ball of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [own(before, ball), own(after, ball)];
    if (old === now) continue;
    const paths = differing(old?.paths ?? {}, now?.paths ?? {});
    if (old && now && paths.length === 0 && isSame(rest(old), rest(now))) continue;
    step.before[ball] = part(old, paths);
    step.after[ball] = part(now, paths);
  }
  return Object.keys(step.before).length === 0 ? null : step;
}

/** The record with a step; to take it twice is to take it once. */
export function withStep(record: DeliveredRecord, step: DeliveredStep): DeliveredRecord {
  const result: Record<string, DeliveredBall> = { ...record };
  for (const [ball, before] of Object.entries(step.before)) {
    const after = own(step.after, ball);
    if (after) {
      const paths = { ...own(record, ball)?.paths };
      for (const path of Object.keys(before?.paths ?? {})) delete paths[path];
      result[ball] = { ...after, paths: Object.assign(paths, after.paths) };
    } else {
      delete result[ball];
    }
  }
  return result;
}

/** The record without a step. What later dances have delivered stays. */
export function withoutStep(record: DeliveredRecord, step: DeliveredStep): DeliveredRecord {
  const result: Record<string, DeliveredBall> = { ...record };
  for (const [ball, before] of Object.entries(step.before)) {
    const undone = withoutBall(own(record, ball), before, own(step.after, ball) ?? undefined);
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
  const paths: Record<string, Delivered> = { ...now?.paths };
  for (const path of differing(before?.paths ?? {}, after?.paths ?? {})) {
    const [old, merged] = [before?.paths[path], after?.paths[path]];
    // What differs from what the merge left is of a later dance.
    if (!isSame(now?.paths[path], merged)) continue;
    if (old) paths[path] = old;
    else delete paths[path];
  }
  if (Object.keys(paths).length === 0 && before === null) return undefined;
  const folders = isSame(now?.folders, after?.folders) ? before?.folders : now?.folders;
  // A ball that it brought, and of which a later dance has delivered more, keeps its globs.
  const purge = before && isSame(now?.purge, after?.purge) ? before.purge : now?.purge;
  return { purge: purge ?? [], paths, ...folders ? { folders } : {} };
}

type Entry = DeliveredBall | null | undefined;
type Paths = DeliveredBall["paths"];

/** The paths that one has and the other has not, or otherwise. */
function differing(one: Paths, other: Paths): string[] {
  const gone = Object.keys(one).filter((path) => !isSame(one[path], other[path]));
  const come = Object.keys(other).filter((path) => one[path] === undefined);
  return [...gone, ...come];
}

/** An entry with some of its paths. */
function part(entry: Entry, paths: readonly string[]): DeliveredBall | null {
  if (!entry) return null;
  const some = paths.flatMap((path) => entry.paths[path] ? [[path, entry.paths[path]]] : []);
  return { ...entry, paths: Object.fromEntries(some) };
}

/** An entry without its paths. */
function rest({ purge, folders }: DeliveredBall): unknown {
  return [purge, folders ?? []];
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
