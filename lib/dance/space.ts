/**
 * Whether the scratchpad is full.
 *
 * @module
 */
import { space } from "../posix/mod.ts";
import type { Dance } from "./dance.ts";

/** Less than this is as good as nothing. */
const LEAST_BYTES = 65_536;

/** What to do about a full scratchpad; undefined where it has room. */
export function outOfSpace(dance: Dance): string | undefined {
  const { free, freeInodes } = space(dance.mounted.folder("upper"));
  if (free >= LEAST_BYTES && freeInodes > 1) return undefined;
  return "the scratchpad is full: raise disco/client/scratch-size, or set disco/client/scratch to disk";
}
