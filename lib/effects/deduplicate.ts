/**
 * Which effects are carried out: each, but for repetitions.
 *
 * @module
 */
import { type Action, actionOf, isRepeated, matters } from "./actions.ts";
import type { Effect } from "./record.ts";

/** How many effects are looked back at; a repetition of an older one is carried out. */
const FARTHEST = 1000;

/**
 * The effects without repetitions, in order. An effect is a repetition if an earlier one does the same,
 * and nothing between the two could matter to it; what stands between is looked at from the last one
 * back, after repetitions among it were dropped.
 *
 * - The same is: the command line, folder, input and variables; for an action on units the action and the
 *   units, however they are spelled. A reload does nothing that a restart of the unit has not done.
 * - To a restart or reload of units, restarts and reloads of other units do not matter.
 * - To a reload of a manager's own configuration (`systemctl daemon-reload`, `udevadm control --reload`,
 *   `sysctl --system`) restarts and reloads of units do not matter, and neither do other reloads of this
 *   kind.
 * - Everything else could matter: starting and stopping, signals, and every command that is not known.
 *
 * So a service is restarted once, however many balls ask for it, and stop, change, start, stop ends
 * stopped.
 */
export function deduplicate(effects: readonly Effect[]): Effect[] {
  const kept: { effect: Effect; action: Action }[] = [];
  for (const effect of effects) {
    const action = actionOf(effect);
    const before = kept.slice(-FARTHEST).findLast((earlier) =>
      isRepeated(earlier.action, action) || matters(earlier.action, action)
    );
    if (before && isRepeated(before.action, action)) continue;
    kept.push({ effect, action });
  }
  return kept.map(({ effect }) => effect);
}

/** Whether one of the others does what an effect is to do. */
export function isCovered(effect: Effect, others: readonly Effect[]): boolean {
  return others.some((other) => isRepeated(actionOf(other), actionOf(effect)));
}
