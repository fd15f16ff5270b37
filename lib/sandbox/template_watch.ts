/**
 * Ends the sandbox of a ball's templates when one of them takes longer than it may. (The program
 * timeout(1) before each would cost as much as the start of a small template.)
 *
 * @module
 */
import { lstat } from "../posix/mod.ts";

/** Milliseconds between two looks. */
const INTERVAL = 250;

/** Looks, as long as it is not disposed, which template has begun last: the output of each is a file. */
export class TemplateWatch implements Disposable {
  readonly #outputOf: (number: number) => string;
  readonly #milliseconds: number;
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #running = 0;
  #since = performance.now();
  #late: number | undefined;

  /**
   * @param outputOf The file of a template's output, which is there once it has begun.
   * @param seconds Time limit of each template. None is ended before; it may take a moment longer.
   */
  constructor(outputOf: (number: number) => string, seconds: number) {
    this.#outputOf = outputOf;
    this.#milliseconds = seconds * 1000;
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** Aborted when a template was late. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** The number of the template that was late, from 1. */
  get late(): number | undefined {
    return this.#late;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    for (; lstat(this.#outputOf(this.#running + 1)); this.#running++) this.#since = now;
    if (this.#running === 0 || now - this.#since <= this.#milliseconds) return;
    this.#late = this.#running;
    this.#end.abort();
  }
}
