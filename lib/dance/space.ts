/**
 * Whether the scratchpad is full.
 *
 * @module
 */
import { E, space, SyscallError } from "../posix/mod.ts";
import type { Mounted } from "./values.ts";

/** Less than this counts as nothing. */
const LEAST_BYTES = 65_536;

/** What to do about a full scratchpad; undefined where it has room, and had it for what failed. */
export function outOfSpace(dance: Mounted, failure?: Error): string | undefined {
  // A file that did not fit has been removed again, and the room is there.
  const isRefused = failure?.cause instanceof SyscallError && failure.cause.errno === E.NOSPC;
  const { free, freeInodes } = space(dance.mounted.folder("upper"));
  if (!isRefused && free >= LEAST_BYTES && freeInodes > 1) return undefined;
  return "the scratchpad is full: raise disco/client/scratch-size, or set disco/client/scratch to disk";
}
