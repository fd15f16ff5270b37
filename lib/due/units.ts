/**
 * The units that a dance has to do with, and how they are.
 *
 * @module
 */
import type { Effect } from "../effects/mod.ts";
import { runningInit, unitActionOf, unitsOfPaths, type UnitState } from "../init/mod.ts";

/** Units of one dance that are asked about at most. */
const MOST = 200;

/** The units that effects and changed paths name. */
export function namedUnits(effects: readonly Effect[], paths: readonly string[]): string[] {
  const named = effects.flatMap(({ argv }) => unitActionOf(argv)?.units ?? []);
  return [...new Set([...named, ...unitsOfPaths(paths)])].slice(0, MOST);
}

/**
 * How units are. Where the init system cannot be asked nothing is known; throws where it does not answer
 * in time.
 */
export async function unitStates(names: readonly string[]): Promise<UnitState[]> {
  return names.length === 0 ? [] : await runningInit().unitStates(names);
}
