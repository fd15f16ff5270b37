/**
 * What was predicted, beside what came.
 *
 * @module
 */
import type { Change, Entry } from "../result/mod.ts";
import type { Effect } from "../effects/mod.ts";
import type { EffectSurprise, Surprise } from "./result.ts";

/** The paths whose changes differ in anything but times, sorted. */
export function surprisesOf(predicted: readonly Change[], result: readonly Change[]): Surprise[] {
  const [before, after] = [byPath(predicted), byPath(result)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.map((path) => ({
    path,
    predicted: before.get(path) ?? null,
    result: after.get(path) ?? null,
  })).filter(({ predicted, result }) => essence(predicted) !== essence(result));
}

/** The command lines that only one side asks for, in the order in which they were asked for. */
export function effectSurprisesOf(
  predicted: readonly Effect[],
  result: readonly Effect[],
): EffectSurprise[] {
  return [
    ...without(predicted, result).map(surprise({ predicted: true, result: false })),
    ...without(result, predicted).map(surprise({ predicted: false, result: true })),
  ];
}

/** The effects whose command lines and inputs are not among the others. */
export function without(effects: readonly Effect[], others: readonly Effect[]): Effect[] {
  const keyOf = ({ argv, input = "" }: Effect) => JSON.stringify([argv, input]);
  const known = new Set(others.map(keyOf));
  return effects.filter((effect) => !known.has(keyOf(effect)));
}

function surprise(sides: Pick<EffectSurprise, "predicted" | "result">) {
  return ({ ball, argv }: Effect): EffectSurprise => ({ ball, argv, ...sides });
}

function byPath(changes: readonly Change[]): Map<string, Change> {
  return new Map(changes.map((change) => [change.path, change]));
}

/** A diff may be cut, and follows from the contents, which have their hashes. */
function essence(change: Change | null): string {
  if (change === null) return "null";
  const { diff: _diff, diffCut: _cut, ...rest } = change;
  return JSON.stringify({
    ...rest,
    before: timeless(change.before),
    after: timeless(change.after),
  });
}

/** A file system lists extended attributes in an order of its own. */
function timeless(entry: Entry | null): unknown {
  if (entry === null) return null;
  const { mtime: _time, xattrs, ...rest } = entry;
  return { ...rest, xattrs: Object.entries(xattrs).sort(([a], [b]) => a < b ? -1 : 1) };
}
