/**
 * Parts of a difference.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import { topmost } from "./prepare.ts";

/** Which changes are merged. A word with a slash is a path, any other the name of a ball. */
export interface Selection {
  /** Only these; everything if empty. */
  readonly only: readonly string[];
  /** But not these. */
  readonly except: readonly string[];
}

/**
 * The changes that a selection leaves. What is created, deleted or replaced as a whole tree is
 * merged as a whole: it is selected by any path in it.
 */
export function select(difference: Difference, { only, except }: Selection): Difference {
  const isMeant = (change: Change, words: readonly string[]) =>
    words.some((word) => word.includes("/") ? touches(change, word) : change.balls.includes(word));
  return selectUnits(
    difference,
    (change) => (only.length === 0 || isMeant(change, only)) && !isMeant(change, except),
  );
}

/** The changes of the units (see {@linkcode units}) that are wanted. */
export function selectUnits(
  difference: Difference,
  isWanted: (unit: Change) => boolean,
): Difference {
  const wanted = new Set<Change>();
  for (const unit of units(difference)) {
    if (isWanted(unit)) { for (const change of below(difference, unit)) wanted.add(change); }
  }
  const changes = difference.changes.filter((change) => wanted.has(change));
  const left = new Set(difference.changes.filter((c) => !wanted.has(c)).map(({ path }) => path));
  const linked = difference.linked.map((names) => names.filter((name) => !left.has(name)));
  return { ...difference, changes, linked: linked.filter((names) => names.length > 1) };
}

/** The changes that can be merged one without the other: whole trees count as one. */
export function units(difference: Difference): Change[] {
  return topmost(difference.changes);
}

/** The unit's own change, and those in its tree. */
export function below({ changes }: Difference, unit: Change): Change[] {
  if (unit.kind === "attributes" || unit.kind === "modified") return [unit];
  return changes.filter(({ path }) => path === unit.path || path.startsWith(`${unit.path}/`));
}

function touches({ path, kind }: Change, word: string): boolean {
  const wanted = word.replace(/\/+$/, "") || "/";
  const isTree = kind !== "attributes" && kind !== "modified";
  return path === wanted || wanted === "/" || path.startsWith(`${wanted}/`) ||
    (isTree && wanted.startsWith(`${path}/`));
}
