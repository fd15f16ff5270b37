/**
 * Which effects the changes of a dance call for: reactions, then those of scripts.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import { Tree } from "../door/mod.ts";
import type { Effect } from "../effects/mod.ts";
import {
  type ChangedPath,
  globsOf,
  groundOf,
  type Kind,
  loadLines,
  Matcher,
} from "../on_change/mod.ts";
import { reactionsTo, SHIPPED_REACTIONS } from "../reactions/mod.ts";
import type { OnChange } from "../ball/mod.ts";
import { realPath } from "../sandbox/mod.ts";
import type { Mounted } from "./values.ts";
import { own } from "../text/own.ts";

/** Effects in the order in which they are carried out. */
export interface Wanted {
  readonly effects: Effect[];
  /** Those of them that nobody could name before the changes were known. */
  readonly late: Effect[];
}

/**
 * Reactions to the changes, then what scripts asked for, without what they asked for only if other
 * paths change. A tree that is not running is told nothing.
 */
export function wantedEffects(dance: Mounted, changes: readonly Change[]): Wanted {
  const changed = changedPaths(changes);
  const own = reactions(dance, changed);
  const matcher = new Matcher(changed);
  const asked = dance.progress.effects.flatMap(({ ifChanged, ...effect }) => {
    if (ifChanged === undefined) return [{ effect, isLate: false }];
    const place = `${effect.ball}/${effect.script}`;
    const isMet = globsIn(dance, changed.length > 0 ? ifChanged : [])
      .some((glob) => matcher.first(glob, place) !== undefined);
    return isMet ? [{ effect, isLate: true }] : [];
  });
  const late = asked.filter(({ isLate }) => isLate).map(({ effect }) => effect);
  return { effects: [...own, ...asked.map(({ effect }) => effect)], late: [...own, ...late] };
}

/** Globs as they mean the finished tree. */
function globsIn(dance: Mounted, globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  using finished = new Tree(dance.mounted.mountpoint);
  return globs.flatMap((glob) => globsOf(glob, (folder) => realPath(finished, folder)));
}

function reactions(dance: Mounted, changed: readonly ChangedPath[]): Effect[] {
  const { context } = dance;
  // The node's own lines are read in any case: a mistake there must not wait for a change.
  const lines = linesOf(dance, "reactions", changed.length > 0 ? SHIPPED_REACTIONS : {});
  if (changed.length === 0 || context.root !== "/") return [];
  using finished = new Tree(dance.mounted.mountpoint);
  using live = new Tree("/");
  return reactionsTo(changed, lines, groundOf(finished, live));
}

/** The lines in force for a dance; of balls those of the ones that were applied. */
export function linesOf(
  dance: Mounted,
  kind: Kind,
  shipped: Readonly<Record<string, string>>,
): OnChange[] {
  const { order, progress, context: { roots, node } } = dance;
  const applied = order.filter((name) => own(progress.balls, name)?.status === "ok");
  return loadLines(kind, shipped, {
    etc: roots.etc,
    params: `${roots.parameters}/${node}`,
    balls: applied.map((name) => dance.ball(name)[kind]),
  });
}

/** Changes, as lines are held against them. */
export function changedPaths(changes: readonly Change[]): ChangedPath[] {
  return changes.map(({ path, kind, balls, before, after }) => ({
    path,
    ball: balls.at(-1) ?? "",
    isFile: after?.type === "file" || after?.type === "symlink",
    isTree: (kind === "deleted" || kind === "replaced") && before?.type === "directory",
  }));
}
