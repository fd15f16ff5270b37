/**
 * What a program prints, read while it runs.
 *
 * @module
 */

const LONGEST_LINE = 65536;

/**
 * The lines of a stream, and what is written over with carriage returns; one that is absurdly long
 * comes in pieces.
 */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]/);
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LONGEST_LINE) {
      yield rest;
      rest = "";
    }
  }
  if (rest) yield rest;
}

/** The first `cap` characters or a little more; the rest is read and thrown away. */
export async function readCapped(
  stream: ReadableStream<Uint8Array>,
  cap: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (text.length < cap) text += decoder.decode(chunk, { stream: true });
  }
  return text;
}
