/**
 * Guards: no merge goes far by accident.
 *
 * @module
 */
export { criticalChanges, parseCritical } from "./critical.ts";
export { criticalGlobs, type CriticalSources } from "./critical_lists.ts";
export { type DeletionLimits, type Merge, type TooMuchLost, tooMuchLost } from "./deletions.ts";
