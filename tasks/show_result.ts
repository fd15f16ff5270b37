/**
 * How the outcome of a dance is printed, by the commands that have one.
 *
 * @module
 */
import { type Change, diffColour, formatChange } from "../lib/changes/mod.ts";
import { redactChange, type Result } from "../lib/report/mod.ts";
import { plain, printJson } from "../lib/terminal/mod.ts";

/** The changes, each with what differs. */
export function printChanges(changes: readonly Change[]): void {
  for (const change of changes) {
    for (const line of formatChange(change)) plain(line, diffColour(line));
  }
}

/** The whole outcome as JSON, without the content of secrets. */
export function printResult(result: Result): void {
  printJson({ ...result, changes: result.changes.map(redactChange) });
}
