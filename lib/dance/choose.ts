/**
 * Partial merges: which of the changes are merged.
 *
 * @module
 */
import type { Change } from "../changes/mod.ts";
import { select, selectUnits, units } from "../merge/mod.ts";
import { DiscoError } from "../error.ts";
import { info, printable } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

/** Throw for a word that names neither a ball of the plan nor a path: it would select nothing. */
export function requireKnownWords(dance: Dance): void {
  const { only = [], except = [] } = dance.options.selection ?? {};
  for (const word of [...only, ...except]) {
    if (word.startsWith("/")) continue;
    if (!word.includes("/") && dance.order.includes(word)) continue;
    const why = word.includes("/")
      ? "a path begins with a slash"
      : "no ball of the plan has that name";
    throw new DiscoError(`Cannot select "${printable(word)}": ${why}`, {
      code: 3,
      hint: `give a path such as "/etc/x", or one of these balls: ${dance.order.join(", ")}`,
    });
  }
}

/** Leave only what was selected, by options or by a person, of the difference and the effects. */
export async function choose(dance: Dance): Promise<void> {
  const { selection, review } = dance.options;
  const whole = dance.progress.difference!;
  let chosen = selection ? select(whole, selection) : whole;
  if (review) {
    const wanted = new Set<Change>();
    for (const unit of units(chosen)) if (await review(unit)) wanted.add(unit);
    chosen = selectUnits(chosen, (unit) => wanted.has(unit));
  }
  const left = whole.changes.length - chosen.changes.length;
  if (left === 0) return;
  info(`${left} of ${whole.changes.length} changes were not selected, and are left out`);
  dance.progress.difference = chosen;
  // A restart makes no sense for a ball of which nothing is merged.
  const balls = new Set(chosen.changes.flatMap((change) => change.balls));
  dance.progress.leftOut = dance.order.filter((name) => !balls.has(name));
  dance.progress.effects = dance.progress.effects.filter(({ ball }) => balls.has(ball));
}
