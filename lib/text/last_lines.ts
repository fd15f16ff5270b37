/**
 * The end of what a program printed.
 *
 * @module
 */
import { shortened } from "../terminal/printable.ts";

/** Lines that are kept, and characters of each. */
const MOST = { lines: 40, characters: 1000 } as const;

/** Keeps the last lines, of which the first says so where there were more. */
export class LastLines {
  readonly #lines: string[] = [];
  #count = 0;

  /** Take in one line. */
  add(line: string): void {
    this.#count++;
    this.#lines.push(shortened(line, MOST.characters));
    if (this.#lines.length > MOST.lines) this.#lines.shift();
  }

  /** What is kept. */
  get list(): string[] {
    const more = this.#count - this.#lines.length;
    return [...more > 0 ? [`(${more} more lines before)`] : [], ...this.#lines];
  }
}
