/**
 * What a check of a ball finds.
 *
 * @module
 */

/** Something to know about a ball; `skipped` is a check that was not made. */
export interface Finding {
  readonly level: "error" | "warning" | "skipped";
  readonly text: string;
}
