/**
 * What is due: effects, post scripts, the record of delivered files and confirmations, as they are
 * written down before the commit and ticked off afterwards.
 *
 * @module
 */
export { stepBetween, withoutStep, withStep } from "./delivered_step.ts";
export { type DeliveredStep, type Due, type DueEffect, NOTHING_DUE } from "./due.ts";
export { closeGate, endOrphan, gated, openGate } from "./gate.ts";
export { type Inverse, inverseOf } from "./inverse.ts";
export {
  closeLog,
  dropDrafts,
  dueFolder,
  type Log,
  logPath,
  note,
  type Noted,
  openLog,
  openLogs,
  readLog,
} from "./log.ts";
export { isRepeatable } from "./repeatable.ts";
export {
  type DueState,
  type EffectState,
  isOver,
  type Left,
  leftOf,
  type Owed,
  owedOf,
  stateOf,
} from "./state.ts";
export type { UnitState } from "../init/mod.ts";
export { namedUnits, unitStates } from "./units.ts";
