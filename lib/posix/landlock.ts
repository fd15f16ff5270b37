/**
 * What Landlock can do here (landlock(7)).
 *
 * @module
 */
import { libc } from "./libc.ts";

const CREATE_RULESET = 444n;
const CREATE_RULESET_VERSION = 1n;

/** The version of Landlock's interface; 0 where the kernel, or a container's filter, has none. */
export function landlockVersion(): number {
  return Math.max(0, Number(libc.landlock(CREATE_RULESET, 0n, 0n, CREATE_RULESET_VERSION)));
}
