/**
 * Partial merges: which of the changes are merged.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import { select, selectUnits, units } from "../merge/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { info, printable } from "../terminal/mod.ts";
import type { Compared, Planned } from "./values.ts";

/** Throw for a word that names neither a ball of the plan nor a path: it would select nothing. */
export function requireKnownWords(dance: Planned): void {
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

/** What a person says to one change: of it alone, of the rest of its balls, of all that is left. */
export type Answer = "yes" | "no" | "ball" | "all" | "none" | "quit";

/** Shows a change, the `number`th of `count`, and asks. */
export type Reviewer = (change: Change, number: number, count: number) => Promise<Answer>;

/** The changes that a person wants; throws where the person wants to end it. */
async function reviewed(all: readonly Change[], review: Reviewer): Promise<Set<Change>> {
  const wanted = new Set<Change>();
  const whole = new Set<string>();
  for (const [i, change] of all.entries()) {
    const { balls } = change;
    if (balls.length > 0 && balls.every((ball) => whole.has(ball))) {
      wanted.add(change);
      continue;
    }
    const answer = await review(change, i + 1, all.length);
    if (answer === "quit") {
      throw new DiscoError("The review was ended; nothing was merged");
    }
    if (answer === "none") return wanted;
    if (answer === "all") return new Set([...wanted, ...all.slice(i)]);
    if (answer === "ball") balls.forEach((ball) => whole.add(ball));
    if (answer !== "no") wanted.add(change);
  }
  return wanted;
}

/** Leave only what was selected, by options or by a person, of the difference and the effects. */
export async function choose(dance: Compared): Promise<Compared> {
  const { selection, review } = dance.options;
  const whole = dance.difference;
  let chosen = selection ? select(whole, selection) : whole;
  if (review) {
    const wanted = await reviewed(units(chosen), review);
    chosen = selectUnits(chosen, (unit) => wanted.has(unit));
  }
  const left = whole.changes.length - chosen.changes.length;
  if (left === 0) return dance;
  info(`${left} of ${whole.changes.length} changes were not selected, and are left out`);
  // A restart makes no sense for a ball of which nothing is merged.
  const balls = new Set(chosen.changes.flatMap((change) => change.balls));
  dance.progress.effects = dance.progress.effects.filter(({ ball }) => balls.has(ball));
  const leftOut = dance.order.filter((name) => !balls.has(name));
  return dance.with({ difference: chosen, leftOut });
}
