/**
 * A saved plan: approve in the morning, apply at night.
 *
 * @module
 */
export { planDifferences } from "./differences.ts";
export { readSavedPlan, writeSavedPlan } from "./file.ts";
export { parseSavedPlan } from "./parse.ts";
export {
  newSalt,
  type Outcome,
  planned,
  type PlannedChange,
  type PlannedEffect,
  type PlannedEntry,
  type PlannedUniverse,
  type SavedPlan,
} from "./saved_plan.ts";
