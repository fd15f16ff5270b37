/**
 * What a dance says: its id, its outcome with every change, and what of it is secret.
 *
 * @module
 */
export type { Change, ChangeKind, Entry, EntryType } from "./change.ts";
export { DANCE_ID, isDanceId, newDanceId, parseDanceId } from "./dance_id.ts";
export { redactChange } from "./redact.ts";
export type { RefusalKind } from "./refusal.ts";
export {
  type BallResult,
  durationOf,
  type EffectResult,
  type NotSimulated,
  type NotSimulatedKind,
  type Orphan,
  type OwedEffect,
  type Result,
  type TriedCheck,
} from "./result.ts";
export { owedWords } from "./words.ts";
