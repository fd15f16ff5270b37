/**
 * What the evaluator says, a line an answer.
 *
 * @module
 */

/** MiB of what the templates of one ball render to, as in `realm.js`. */
export const MAX_ANSWER = 32;
/** As JSON in JSON; a text of control characters is longer, and no configuration. */
const MAX_LINE = 3 * MAX_ANSWER;

/** Reads lines, of which at most one is on its way. */
export class Lines {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** The last answer was longer than it may be. */
  isTooMuch = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The next line without its end; undefined when the stream ended or there is too much. */
  async next(): Promise<string | undefined> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      size += value.length;
      this.isTooMuch = size > MAX_LINE << 20;
      if (this.isTooMuch) return undefined;
      chunks.push(value);
      if (value.at(-1) === 10) return await new Blob(chunks as BlobPart[]).text();
    }
  }

  /** Read no more. */
  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
