/**
 * Lines over a socket, each read with a time limit.
 *
 * @module
 */

/** A connection that speaks in lines. */
export class Lines implements Disposable {
  readonly #connection: Deno.UnixConn;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  private constructor(connection: Deno.UnixConn) {
    this.#connection = connection;
    this.#reader = connection.readable.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Connect to a socket, which may not be there yet. */
  static async connect(path: string, milliseconds: number): Promise<Lines> {
    const deadline = Date.now() + milliseconds;
    while (true) {
      try {
        return new Lines(await Deno.connect({ transport: "unix", path }));
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  async write(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${line}\n`);
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }

  /** The next line that `choose` makes something of; undefined if none comes in time. */
  async find<T>(
    choose: (line: string) => T | undefined,
    milliseconds: number,
  ): Promise<T | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    try {
      while (true) {
        for (let end; (end = this.#rest.indexOf("\n")) >= 0;) {
          const found = choose(this.#rest.slice(0, end).trimEnd());
          this.#rest = this.#rest.slice(end + 1);
          if (found !== undefined) return found;
        }
        this.#pending ??= this.#reader.read();
        const next = await Promise.race([this.#pending, late]);
        if (next === undefined || next.done) return undefined;
        this.#pending = undefined;
        this.#rest += next.value;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** A read that a time limit has left behind. */
  #pending: Promise<ReadableStreamReadResult<string>> | undefined;

  [Symbol.dispose](): void {
    this.#pending?.catch(() => {});
    try {
      this.#connection.close();
    } catch {
      // The other side has ended first.
    }
  }
}
