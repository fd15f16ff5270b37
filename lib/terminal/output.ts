/**
 * Standard output and standard error. What cannot be written is noted, and nothing else fails for
 * it: a full disk at the other end must not spoil a dance.
 *
 * @module
 */

/** What was lost: lines for people, or what the command was asked for; and the first reason. */
export interface LostOutput {
  readonly what: "line" | "document";
  readonly reason: unknown;
}

/** Where bytes go. */
interface Sink {
  writeSync(bytes: Uint8Array): number;
}

/** Bytes that are written at once. */
const BUFFER = 65_536;
const PAUSE_MS = 2;
const encoder = new TextEncoder();

/** A stream of this process. */
export class Output {
  /** Whether what a command was asked for was written, or tried to be. */
  hasDocument = false;
  /** What could not be written. */
  lost: LostOutput | undefined;
  /** The reader has gone. */
  #isClosed = false;
  /** What waits to be shown by a pager. */
  #held: Uint8Array[] | undefined;
  readonly #to: Sink;

  constructor(to: Sink) {
    this.#to = to;
  }

  /** Keep what is written from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** What was kept; what is written from now on goes out again. */
  release(): Uint8Array[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }

  /** Write all bytes, or note that they are lost. */
  write(bytes: Uint8Array, what: LostOutput["what"]): void {
    if (what === "document") this.hasDocument = true;
    if (this.#isClosed) return;
    if (this.#held) return void this.#held.push(bytes);
    try {
      for (let done = 0; done < bytes.length;) done += this.#writeSome(bytes.subarray(done));
    } catch (reason) {
      // A reader such as `head` that has seen enough is not a failure.
      if (reason instanceof Deno.errors.BrokenPipe) this.#isClosed = true;
      else if (this.lost?.what !== "document") this.lost = { what, reason };
    }
  }

  /** A pipe that another program has made non-blocking is waited for like any other. */
  #writeSome(bytes: Uint8Array): number {
    for (;;) {
      try {
        return this.#to.writeSync(bytes);
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  }

  /** Write pieces of text, some at a time. */
  writeAll(pieces: Iterable<string>, what: LostOutput["what"]): void {
    for (const bytes of inBlocks(pieces)) {
      this.write(bytes, what);
      if (this.#isClosed || this.lost) return;
    }
  }
}

/** Pieces of text as blocks of bytes of some size. */
export function* inBlocks(pieces: Iterable<string>): Generator<Uint8Array<ArrayBuffer>> {
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < BUFFER) continue;
    yield encoder.encode(waiting);
    waiting = "";
  }
  yield encoder.encode(waiting);
}
