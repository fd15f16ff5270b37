/**
 * Ends the sandbox of a ball's templates when one of them takes longer than it may. (The program
 * timeout(1) before each would cost as much as the start of a small template.)
 *
 * @module
 */
import { lstat } from "../posix/mod.ts";

/** Milliseconds between two looks. */
const INTERVAL = 250;

/** Looks, as long as it is not disposed, which template has begun last, and whether it has ended. */
export class TemplateWatch implements Disposable {
  readonly #folder: string;
  readonly #milliseconds: number;
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #running = 0;
  #since = performance.now();
  #late: number | undefined;

  /**
   * @param folder Has `NUMBER.out` once a template has begun, and `NUMBER.figures` once it has ended.
   * @param seconds Time limit of each template. None is ended before; it may take a moment longer.
   */
  constructor(folder: string, seconds: number) {
    this.#folder = folder;
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
    for (; this.#has(this.#running + 1, "out"); this.#running++) this.#since = now;
    if (this.#running === 0 || now - this.#since <= this.#milliseconds) return;
    // This process may have been kept from looking.
    if (this.#has(this.#running, "figures")) return;
    this.#late = this.#running;
    this.#end.abort();
  }

  #has(number: number, what: "out" | "figures"): boolean {
    const size = lstat(`${this.#folder}/${number}.${what}`)?.size;
    return size !== undefined && (what === "out" || size > 0);
  }
}
