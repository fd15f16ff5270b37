/**
 * Orphans of a ball in one line.
 *
 * @module
 */
import type { Orphan } from "../result/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";

/** Paths that the line names. */
const SHOWN = 3;
const ADVICE = `remove it by hand, or list it in the ball's "purge"`;

/** What stays of a ball's paths, although it delivers them no more; `see` is where all are named. */
export function orphansLine(
  ball: string,
  orphans: readonly Orphan[],
  see = "disco status",
): string {
  const [first] = orphans;
  const changed = orphans.filter(({ status }) => status === "changed").length;
  if (orphans.length === 1) {
    const what =
      `orphan: ${shellWord(first!.path)} was delivered by ball ${printable(ball)}, and ` +
      "is not any more";
    return changed > 0
      ? `${what}; it was changed by hand since, so it stays`
      : `${what}; it stays: ${ADVICE}`;
  }
  const more = orphans.length - SHOWN;
  const names = orphans.slice(0, SHOWN).map(({ path }) => shellWord(path)).join(", ") +
    (more > 0 ? `, and ${more} more (see ${see})` : "");
  const were = changed === 1 ? "was" : "were";
  const hand = changed > 0 ? `; ${changed} of them ${were} changed by hand since` : "";
  return `orphans: ${orphans.length} paths were delivered by ball ${
    printable(ball)
  }, and are not ` +
    `any more; they stay: ${names}${hand}`;
}
