/**
 * The guards before a merge: critical paths are shown and may need a word, and so does mass deletion.
 *
 * @module
 */
import { warning } from "../terminal/mod.ts";
import { guardCritical } from "./critical_paths.ts";
import type { Compared } from "./values.ts";
import { refusal } from "./guard_refusal.ts";
import { deletionHint, deletionMessage, massDeletion } from "./mass_deletion.ts";

/** What a person allows in one dance. */
export interface GuardOptions {
  /** Globs of critical paths that may change. */
  readonly allow?: readonly string[];
  /** How much may be deleted. */
  readonly allowDeletions?: number;
  /** Whether the universe may have lost most of itself. */
  readonly allowRemovals?: boolean;
  /** Asks a person at a terminal; without it nobody can be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/**
 * Throw for a merge that goes too far without a word; in a dry run for what a live run would refuse.
 * What is allowed, or only to be looked at, is said.
 */
export async function guardMerge(dance: Compared): Promise<void> {
  const { changes } = dance.difference;
  if (changes.length === 0) return;
  const lost = massDeletion(dance, changes, dance.comparison.record);
  if (lost) throw refusal(dance, deletionMessage(lost), deletionHint(lost));
  await guardCritical(dance, changes);
}

/** Say what a merge would refuse, where it is only looked at. */
export function warnOfRefusal(dance: Compared): void {
  const { changes } = dance.difference;
  const lost = changes.length > 0 && massDeletion(dance, changes, dance.comparison.record);
  if (!lost) return;
  warning(`fs-merge will refuse: ${deletionMessage(lost)}`, `  what to do: ${deletionHint(lost)}`);
}
