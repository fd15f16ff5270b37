/**
 * The merge: the only part that writes to the live root.
 *
 * @module
 */
export type { Area, MergePlace } from "./area.ts";
export { ConflictError } from "./conflict.ts";
export {
  type Generation,
  listGenerations,
  prune,
  recover,
  rollback,
  type RollbackOptions,
} from "./generations.ts";
export type { Journal } from "./journal.ts";
export { abandon, begin, commit, type CommitOptions, type Transaction } from "./transaction.ts";
