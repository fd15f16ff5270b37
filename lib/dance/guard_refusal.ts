/**
 * How a guard refuses a merge.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import type { Dance } from "./dance.ts";

/** The error of a merge that is refused; in a dry run it says what a live run would meet. */
export function refusal({ context }: Dance, why: string, hint: string): DiscoError {
  const start = context.noop ? "A live run would be refused" : "Cannot merge";
  return new DiscoError(`${start}: ${why}`, { hint });
}
