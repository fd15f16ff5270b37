/**
 * Dry runs without root: DISCO becomes root in a user namespace of its own, where it may mount.
 *
 * @module
 */
export { becomeRootless } from "./become.ts";
export { LIMITS } from "./limits.ts";
