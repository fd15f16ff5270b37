/**
 * What a program is given to read.
 *
 * @module
 */

/** Write to a program's input and close it. It need not read it all: its exit code says if it matters. */
export async function give(
  stdin: WritableStream<Uint8Array>,
  input: Iterable<Uint8Array>,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    for (const bytes of input) await writer.write(bytes);
    await writer.close();
  } catch {
    // It has ended, or closed its input.
    await writer.abort().catch(() => {});
  }
}
