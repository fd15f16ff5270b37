/**
 * The beginning of what a program prints.
 *
 * @module
 */

/** What is shown of one program. */
const MOST = { lines: 10_000, characters: 4 * 1024 * 1024 } as const;

/** Shows lines until they are too many. */
export class Capped {
  readonly #show: (line: string) => void;
  #lines = 0;
  #characters = 0;
  /** Some were not shown. */
  isFull = false;

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  /** Take in one line. */
  take(line: string): void {
    if (this.isFull) return;
    this.#characters += line.length;
    this.isFull = ++this.#lines > MOST.lines || this.#characters > MOST.characters;
    if (!this.isFull) return this.#show(line);
    const most = this.#lines > MOST.lines ? `${MOST.lines} lines` : `${MOST.characters} characters`;
    this.#show(`(more than ${most}: the rest is not shown)`);
  }
}
