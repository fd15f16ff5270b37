/**
 * Stages `fetch` and `plan`: what is to be danced, and in which order.
 *
 * @module
 */
import { emptyUsage } from "../metrics/mod.ts";
import { shortened, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { fetchShown } from "./fetch_shown.ts";
import { PlannedBalls } from "./planned_balls.ts";
import { whileWaiting } from "./signals.ts";
import { Fetched, Planned } from "./values.ts";

/** Characters of a note about the universe that are shown. */
const LONGEST_NOTE = 500;

/** Loaded while rsync works: half of what DISCO takes to start is the library for graphs. */
const loadPlanner = () => import("../plan/mod.ts");

/** Bring parameters and balls here. */
export async function fetch(dance: Dance): Promise<Fetched> {
  void loadPlanner();
  const result = await dance.meter.measure(
    "fetch",
    "fetch",
    null,
    () =>
      whileWaiting(dance, () =>
        fetchShown(dance.context, ({ name, seconds }) => {
          const start = Math.max(0, dance.meter.clock() - seconds);
          dance.meter.add({
            ...emptyUsage(),
            ball: null,
            stage: "fetch",
            name,
            time_real: seconds,
            start,
          });
        }, { allowRemovals: dance.options.allowRemovals ?? false }), { leave: true }),
  );
  dance.progress.universe = result.server;
  for (const note of result.notes ?? []) warning(shortened(note, LONGEST_NOTE));
  return new Fetched(dance, result);
}

/** Order the fetched balls, and keep the plan. */
export async function plan(dance: Fetched): Promise<Planned> {
  const { planFetched, savePlan } = await loadPlanner();
  return dance.meter.measure("plan", "plan", null, () => {
    const found = planFetched(dance.context, dance.fetched);
    Deno.mkdirSync(dance.record, { recursive: true, mode: 0o700 });
    savePlan(dance.record, found);
    return new Planned(dance, new PlannedBalls(dance.context, found));
  });
}
