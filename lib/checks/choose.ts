/**
 * Which checks the changes of a dance call for.
 *
 * @module
 */
import type { OnChange } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import {
  type ChangedPath,
  expand,
  type Ground,
  hasProgram,
  isAboutEach,
  isShipped,
  Matcher,
  placeOf,
  whyNotHere,
} from "../on_change/mod.ts";

/** A command that tries the finished tree. */
export interface Check {
  readonly argv: readonly string[];
  /** The first path for which it is tried. */
  readonly changed: ChangedPath;
  readonly line: OnChange;
  /** Why it cannot be tried: its program is not in the finished tree. */
  readonly missing: string | undefined;
}

/** Commands of one dance. */
const MOST = 500;

/** The checks of changes, in the order of the lines, each command once. */
export function checksOf(
  changed: readonly ChangedPath[],
  lines: readonly OnChange[],
  ground: Ground,
): Check[] {
  const matcher = new Matcher(changed);
  const checks = new Map<string, Check>();
  for (const line of lines) {
    const place = placeOf(line);
    const first = isAboutEach(line) ? undefined : matcher.first(line.glob, place);
    const matching = isAboutEach(line) ? matcher.all(line.glob, place) : first ? [first] : [];
    if (matching.length === 0 || whyNoCheck(line, ground) !== undefined) continue;
    if (line.unless.some((glob) => matcher.first(glob, place) !== undefined)) continue;
    const missing = hasProgram(line.argv, ground)
      ? undefined
      : `there is no ${line.argv[0]} in the finished tree`;
    for (const { argv, changed } of expand(line, matching)) {
      const key = JSON.stringify(argv);
      if (!checks.has(key)) checks.set(key, { argv, changed, line, missing });
    }
  }
  if (checks.size <= MOST) return [...checks.values()];
  throw new DiscoError(`Cannot try the changes: there are more than ${MOST} checks`, {
    hint: "use {paths} instead of {path}",
  });
}

/** Why a line tries nothing on this system; undefined where it would. */
export function whyNoCheck(line: OnChange, ground: Ground): string | undefined {
  const why = whyNotHere(line, ground);
  if (why !== undefined || !isShipped(line) || hasProgram(line.argv, ground)) return why;
  return `there is no ${line.argv[0]} in the finished tree`;
}
