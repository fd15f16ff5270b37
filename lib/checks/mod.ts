/**
 * Checks: commands that try the finished tree before the merge, because a path changes.
 *
 * @module
 */
export { type Check, checksOf } from "./choose.ts";
export { SHIPPED_CHECKS } from "./shipped.ts";
