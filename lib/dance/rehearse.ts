/**
 * A dry run finds out whether its changes could be merged.
 *
 * @module
 */
import { rehearse } from "../merge/mod.ts";
import { machineView } from "../posix/mod.ts";
import type { Place } from "../union/mod.ts";
import type { Compared } from "./values.ts";
import { guardMerge } from "./guard.ts";

/** Find out for a dry run whether its changes could be merged; throws what a live run would. */
export async function rehearseMerge(dance: Compared): Promise<void> {
  await guardMerge(dance);
  const { context, mounted, difference, union: { observed } } = dance;
  if (!machineView().merges || !observed || difference.changes.length === 0) return;
  await rehearse(observed, {
    context,
    difference,
    union: mounted.mountpoint,
    mountpoints: mountpointsIn(mounted.places),
  });
}

/** The places of a union that are mounted on the root. */
export function mountpointsIn(places: readonly Place[]): string[] {
  return places.map(({ path }) => path).filter((path) => path !== "/");
}
