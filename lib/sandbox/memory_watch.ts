/**
 * Ends a sandbox as a whole when the kernel had to kill a part of it because memory ran out.
 *
 * @module
 */
import type { Cgroup, Counts, OutOfMemory } from "./cgroup.ts";

/** Milliseconds between two looks. */
const INTERVAL = 200;

/** Looks as long as it is not disposed, where the kernel does not end the group by itself. */
export class MemoryWatch implements Disposable {
  readonly #cgroup: Cgroup;
  readonly #before: Counts;
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  constructor(cgroup: Cgroup) {
    this.#cgroup = cgroup;
    this.#before = cgroup.counts;
    if (!cgroup.endsTogether) this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** Aborted when something was killed because memory ran out. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Why something was ended; undefined if nothing was. */
  get why(): OutOfMemory | undefined {
    return this.#cgroup.outOfMemory(this.#before);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.why) this.#end.abort();
  }
}
