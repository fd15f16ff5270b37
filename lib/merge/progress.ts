/**
 * How far a merge has come.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";

/** First new entries are copied to the staging folders, then the operations are carried out. */
export interface MergeProgress {
  readonly step: "copy" | "apply";
  readonly done: number;
  readonly total: number;
}

/** Called for each entry and each operation. */
export type OnProgress = (progress: MergeProgress) => void;

/** Entries that are copied for these changes. */
export function entriesOf(changes: readonly Change[]): number {
  return changes.filter(({ after, kind }) => after !== null && kind !== "attributes").length;
}
