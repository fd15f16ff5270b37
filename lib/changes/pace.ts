/**
 * Keeps long work from being deaf: now and then the event loop gets its turn, in which Ctrl-C is heard.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

/** Steps between two turns of the event loop: some ten milliseconds of looking at files. */
const STEPS = 1000;
/** Bytes of content that count as a step: a few microseconds. */
const BYTES = 16_384;

/** Counts steps. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #left = STEPS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** One step, or the reading of so many bytes; to be awaited. Throws if the work was called off. */
  step(bytes = 0): Promise<void> | undefined {
    this.#left -= 1 + bytes / BYTES;
    return this.#left > 0 ? undefined : this.#pause();
  }

  async #pause(): Promise<void> {
    this.#left = STEPS;
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#signal?.aborted) {
      throw new DiscoError("Cannot work out the changes: the dance was interrupted");
    }
  }
}
