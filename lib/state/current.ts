/**
 * Which dance the stages that run alone go on with: `<run>/current` holds its id.
 *
 * @module
 */
import { writeOwn } from "../files/write_own.ts";
import type { WithRoots } from "./roots.ts";

/** The folder of a dance that is gone with it: `<run>/<id>`. */
export function runFolder({ roots }: WithRoots, id: string): string {
  return `${roots.run}/${id}`;
}

/** The id of the dance in progress; undefined where none is. */
export function currentDance(state: WithRoots): string | undefined {
  try {
    return Deno.readTextFileSync(currentPath(state)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Go on with this dance from now on. */
export function setCurrentDance(state: WithRoots, id: string): void {
  writeOwn(currentPath(state), `${id}\n`);
}

/** There is no dance in progress any more. */
export function removeCurrentDance(state: WithRoots): void {
  Deno.removeSync(currentPath(state));
}

function currentPath({ roots }: WithRoots): string {
  return `${roots.run}/current`;
}
