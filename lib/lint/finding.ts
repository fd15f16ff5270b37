/**
 * What a check of a ball finds.
 *
 * @module
 */

/** Something to know about a ball; `info` may well be meant so, `skipped` is a check not made. */
export interface Finding {
  readonly level: "error" | "warning" | "info" | "skipped";
  readonly text: string;
}
