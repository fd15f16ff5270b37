/**
 * What is said of a script that takes an effect's exit code for an answer.
 *
 * @module
 */

/** Where a script has taken an effect's exit code for an answer. */
export interface Decision {
  /** The effect, as the script has it. */
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
  /** How the script decides by it, in words. */
  readonly how: string;
}

/** The effect is a condition, of `if` or the like. */
export const WAITS = "a condition waits for it";
/** The script reads `$?`, or a variable that holds it. */
export const LOOKED_AT = "its exit code is looked at";
