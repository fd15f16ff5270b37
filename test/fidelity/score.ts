/**
 * How many jobs were predicted truly.
 *
 * @module
 */
import type { Comparison } from "./compare.ts";

/** Counts verdicts. */
export class Score {
  readonly #faithful: boolean[] = [];
  readonly #skipped: string[] = [];
  #paths = 0;
  #excused = 0;

  /** Count a job that was done; the line that says how it went. */
  add(name: string, { paths, excused, wrong }: Comparison): string {
    const isFaithful = wrong.length === 0;
    this.#faithful.push(isFaithful);
    this.#paths += paths.size;
    this.#excused += excused.size;
    const what = isFaithful ? "as predicted" : "NOT AS PREDICTED";
    return `fidelity: ${name}: ${what}, ${paths.size} paths, ${excused.size} excused`;
  }

  /** Count a job that cannot be done here. */
  skip(name: string, reason: string): string {
    this.#skipped.push(reason);
    return `fidelity: ${name}: skipped, ${reason}`;
  }

  /** The score in one line. */
  toString(): string {
    const faithful = this.#faithful.filter(Boolean).length;
    const skipped = [...new Set(this.#skipped)].join("; ");
    return `fidelity: ${faithful} of ${this.#faithful.length} jobs, ` +
      `${this.#paths} paths compared, ${this.#excused} excused (content of logs and caches only)` +
      (skipped ? `, ${this.#skipped.length} skipped (${skipped})` : "");
  }
}
