/**
 * What a program is given to read.
 *
 * @module
 */
import { close, O, open, writeAll } from "../posix/mod.ts";

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

/**
 * Write a few bytes to the input of a program that waits for them, and close it. A stream would write
 * them in the next turn of the event loop only, which may be milliseconds away: the pipe is opened once
 * more, through /proc.
 */
export function giveAtOnce(child: Deno.ChildProcess, input: Uint8Array<ArrayBuffer>): void {
  const pipe = `/proc/${child.pid}/fd/0`;
  try {
    const fd = open(pipe, O.WRONLY | O.NONBLOCK);
    try {
      writeAll(fd, input, pipe);
    } finally {
      close(fd);
    }
  } catch {
    // It has ended, or /proc does not show it: then the stream says so, or does it.
    void give(child.stdin, [input]);
    return;
  }
  void child.stdin.close().catch(() => {});
}
