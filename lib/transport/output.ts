/**
 * What a program prints, read while it runs.
 *
 * @module
 */

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
