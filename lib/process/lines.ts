/**
 * The lines that a program prints, as they come.
 *
 * @module
 */

/** A stream that is read. */
export interface LineReader {
  /** Resolves at the end of the stream. */
  readonly done: Promise<void>;
  cancel(): Promise<void>;
}

/** How to read. */
export interface LineOptions {
  readonly onLine: (line: string) => void;
  /** Bytes that are looked at; the rest is read and thrown away. All unless told. */
  readonly most?: number;
  /** What ends a line; a line feed unless told. */
  readonly end?: RegExp | string;
  /** Characters after which a line is passed on in pieces. 16,384 unless told. */
  readonly longest?: number;
}

const LONGEST_LINE = 16_384;

/** Read the lines of a stream; the last one may lack its end. */
export function readLines(stream: ReadableStream<Uint8Array>, options: LineOptions): LineReader {
  const { onLine, most = Infinity, end = "\n", longest = LONGEST_LINE } = options;
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  const take = (text: string) => {
    const lines = (rest + text).split(end);
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
    if (rest.length > longest) {
      onLine(rest);
      rest = "";
    }
  };
  const finish = () => {
    // What is left of a character that was cut off.
    take(decoder.decode());
    if (rest !== "") onLine(rest);
  };
  const readOn = async () => {
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (bytes > most) continue;
      bytes += value.length;
      take(decoder.decode(value, { stream: true }));
      if (bytes <= most) continue;
      finish();
      onLine(`(more than ${most} bytes: the rest is not looked at)`);
    }
    if (bytes <= most) finish();
  };
  return { done: readOn(), cancel: () => reader.cancel() };
}
