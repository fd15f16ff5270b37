/**
 * Orphans in a dance: found, removed in the union where that is wished, and remembered.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import type { Change, Orphan } from "../result/mod.ts";
import {
  type DeliveredRecord,
  latestDance,
  loadResult,
  type Roots,
  saveRecord,
} from "../state/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { stepBetween } from "../due/mod.ts";
import type { Look } from "../merge/mod.ts";
import {
  findOrphans,
  foldersAbove,
  orphansLine,
  removable,
  removeEmpty,
  removeFrom,
  updateRecord,
} from "../orphans/mod.ts";
import { warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { loadDelivered } from "./load_delivered.ts";
import type { Applied, Compared, Merged } from "./values.ts";
import { own } from "../text/own.ts";

/** What was delivered before, and what of it no ball delivers any more. */
export interface Orphans {
  readonly record: DeliveredRecord;
  readonly orphans: readonly Orphan[];
}

/** Look for orphans, and remove in the union those that are purged. */
export async function treatOrphans(dance: Applied): Promise<Orphans> {
  const { context } = dance;
  const isAlways = context.settings.flag("disco/client/purge");
  const record = await loadDelivered(context);
  const found = findOrphans(record, context.root, {
    applied: appliedBalls(dance),
    planned: dance.order,
    isPurged: (path, ball, globs) =>
      isAlways || coversPath(dance.order.includes(ball) ? dance.ball(ball).purge : globs, path),
  });
  return { record, orphans: purge(dance, record, found) };
}

/** Directories that were made for purged paths, and that no ball delivers. */
function foldersOf(
  dance: Applied,
  record: DeliveredRecord,
  paths: readonly string[],
): string[] {
  const made = new Set(Object.values(record).flatMap(({ folders }) => folders ?? []));
  if (made.size === 0) return [];
  const delivered = new Set([...appliedBalls(dance).values()].flatMap((one) => [...one]));
  const above = new Set(paths.flatMap(foldersAbove));
  return [...above].filter((path) => made.has(path) && !delivered.has(path));
}

/** The orphans without those that a script of this dance deletes: they are none afterwards. */
export function withoutDeleted({ comparison }: Compared): Orphan[] {
  const { changes } = comparison.difference;
  const deleted = new Set(changes.filter(({ kind }) => kind === "deleted").map(({ path }) => path));
  return comparison.orphans.filter(({ path, status }) => status === "purged" || !deleted.has(path));
}

/**
 * Warn of orphans that stay, a line a ball, and once: those that the last dance has told of are seen
 * by disco status.
 */
export function tellOrphans({ context }: Dance, orphans: readonly Orphan[]): void {
  const staying = orphans.filter(({ status }) => status !== "purged");
  if (staying.length === 0) return;
  const known = new Set(lastOrphans(context.roots).map(keyOf));
  for (const [ball, own] of Map.groupBy(staying, ({ ball }) => ball)) {
    if (own.some((one) => !known.has(keyOf(one)))) warning(orphansLine(ball, own));
  }
}

/** The orphans of the last dance that is kept; none where it cannot be read. */
function lastOrphans(roots: Roots): readonly Orphan[] {
  try {
    const id = latestDance(roots);
    return id === undefined ? [] : loadResult(roots, id).orphans ?? [];
  } catch (error) {
    if (error instanceof DiscoError) return [];
    throw error;
  }
}

function keyOf({ ball, path, status }: Orphan): string {
  return JSON.stringify([ball, path, status]);
}

/** The record after a merge; `look` says what is at a path then, if that is not live yet. */
export function recordAfter(
  dance: Compared,
  record: DeliveredRecord,
  look?: Look,
): DeliveredRecord {
  const { context, comparison } = dance;
  const { changes } = comparison.difference;
  const applied = appliedBalls(dance);
  return updateRecord(record, {
    root: context.root,
    applied: new Map(
      [...applied].map(([name, paths]) => [name, { paths, purge: dance.ball(name).purge }]),
    ),
    orphans: comparison.orphans,
    silent: new Set(dance.order.filter((name) => !applied.has(name))),
    changed: new Set(changes.map(({ path }) => path)),
    folders: foldersIn(changes),
    ...look ? { look } : {},
  });
}

function foldersIn(changes: readonly Change[]): { made: Set<string>; gone: Set<string> } {
  const isFolder = (entry: Change["after"]) => entry?.type === "directory";
  const paths = (found: readonly Change[]) => new Set(found.map(({ path }) => path));
  return {
    made: paths(changes.filter(({ before, after }) => before === null && isFolder(after))),
    gone: paths(changes.filter(({ before, after }) => isFolder(before) && !isFolder(after))),
  };
}

/** Remember what was delivered by a dance that merged nothing; a merge has it in its journal. */
export function rememberDelivered(dance: Merged): void {
  const { record, leftOut } = dance.comparison;
  if (dance.generation !== null || record === undefined || leftOut !== null) return;
  const after = recordAfter(dance, record);
  if (stepBetween(record, after)) saveRecord(dance.context.roots.var, after);
}

function appliedBalls({ progress }: Applied): Map<string, Set<string>> {
  const names = Object.keys(progress.balls).filter((name) => progress.balls[name]!.status === "ok");
  return new Map(names.map((name) => [name, new Set(own(progress.delivered, name))]));
}

/** Remove what is purged, each ball's in a layer of that ball; what cannot be is `changed`. */
function purge(
  dance: Applied,
  record: DeliveredRecord,
  orphans: readonly Orphan[],
): Orphan[] {
  const { mounted } = dance;
  const purged = Map.groupBy(orphans.filter(({ status }) => status === "purged"), (o) => o.ball);
  const kept = new Set<Orphan>();
  for (const [ball, own] of purged) {
    // Before a layer is mounted for nothing.
    const found = removable(mounted, own);
    if (found.length > 0) mounted.begin(ball);
    const removed = new Set(removeFrom(mounted.mountpoint, found));
    own.filter((orphan) => !removed.has(orphan)).forEach((orphan) => kept.add(orphan));
    removeEmpty(mounted.mountpoint, foldersOf(dance, record, [...removed].map(({ path }) => path)));
  }
  return orphans.map((orphan) => kept.has(orphan) ? { ...orphan, status: "changed" } : orphan);
}
