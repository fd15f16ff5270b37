/**
 * Stages `fetch` and `plan`: what is to be danced, and in which order.
 *
 * @module
 */
import { emptyUsage } from "../metrics/mod.ts";
import { planFetched, savePlan } from "../plan/mod.ts";
import { type FetchResult, fetchUniverse, loadFetched } from "../transport/mod.ts";
import type { Dance } from "./dance.ts";

/** Bring parameters and balls here. */
export async function fetch(dance: Dance): Promise<FetchResult> {
  return await dance.meter.measure(
    "fetch",
    "fetch",
    null,
    () =>
      fetchUniverse(dance.context, ({ name, seconds }) => {
        const start = Math.max(0, dance.meter.clock() - seconds);
        dance.meter.add({
          ...emptyUsage(),
          ball: null,
          stage: "fetch",
          name,
          time_real: seconds,
          start,
        });
      }),
  );
}

/** Order the fetched balls, and keep the plan. */
export function plan(dance: Dance): void {
  dance.meter.measure("plan", "plan", null, () => {
    dance.progress.plan = planFetched(dance.context, loadFetched(dance.context));
    Deno.mkdirSync(dance.record, { recursive: true, mode: 0o700 });
    savePlan(dance.record, dance.progress.plan);
  });
}
