/**
 * The merge: the only part that writes to the live root.
 *
 * @module
 */
export { type Area, isStagingName, type MergePlace, stagingNames } from "./area.ts";
export { installBootUnits } from "./boot_unit.ts";
export { ConflictError, directoryOwner } from "./conflict.ts";
export {
  damagedGenerations,
  type Generation,
  listGenerations,
  prune,
  type PruneOptions,
  readableJournal,
  readWhole,
  type WholeGeneration,
} from "./generations.ts";
export type { Look } from "./future.ts";
export { type Journal } from "./journal.ts";
export { giveUp } from "./give_up.ts";
export { type Observation, observe, sinceOf } from "./observe.ts";
export type { MergeProgress, OnProgress } from "./progress.ts";
export { isReachable, pendingMerges, recover } from "./recover.ts";
export { rehearse } from "./rehearse.ts";
export { rollback, type RollbackOptions } from "./rollback.ts";
export { type ChangedSince, changedSince } from "./since.ts";
export { below, select, type Selection, selectUnits, units } from "./select.ts";
export { requireUndoable } from "./undoable.ts";
export { abandon, begin, commit, type CommitOptions, type Transaction } from "./transaction.ts";
