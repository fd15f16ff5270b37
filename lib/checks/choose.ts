/**
 * Which checks the changes of a dance call for.
 *
 * @module
 */
import type { OnChange } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import {
  type ChangedPath,
  expand,
  followed,
  type Ground,
  hasProgram,
  Matcher,
  matchesOf,
  noProgram,
  whyLeftOut,
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
  for (const line of followed(lines, ground)) {
    const matching = matchesOf(line, matcher);
    if (matching.length === 0 || whyLeftOut(line, ground, "checks") !== undefined) continue;
    const missing = hasProgram(line.argv, ground) ? undefined : noProgram(line);
    for (const { argv, changed } of expand(line, matching)) {
      const key = JSON.stringify(argv);
      const known = checks.get(key);
      // One that only warns weakens no other.
      if (!known || (known.line.warns && !line.warns)) {
        checks.set(key, { argv, changed, line, missing });
      }
    }
  }
  if (checks.size <= MOST) return [...checks.values()];
  throw new DiscoError(`Cannot try the changes: there are more than ${MOST} checks`, {
    hint: "use {paths} instead of {path}",
  });
}
