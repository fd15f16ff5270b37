/**
 * One dance at a time.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import type { WithRoots } from "./roots.ts";
import { close, O, open, tryLock } from "../posix/mod.ts";

/** Tries, a second apart. */
const MOST_TRIES = 3600;

/** Held until it is disposed, or until the process ends, however that happens. */
export class Lock implements Disposable {
  readonly #fd: number;

  /** Take the lock of DISCO's run folder; code 4 if another dance holds it. */
  constructor({ roots }: WithRoots) {
    Deno.mkdirSync(roots.run, { recursive: true, mode: 0o700 });
    const path = `${roots.run}/lock`;
    this.#fd = open(path, O.RDWR | O.CREAT | O.NOFOLLOW, 0o600);
    if (tryLock(this.#fd, path)) return;
    close(this.#fd);
    throw new DiscoError(`Cannot begin: another dance holds the lock "${path}"`, {
      code: 4,
      hint: "wait until it has ended",
    });
  }

  /** Take the lock as soon as others have let it go; code 4 if that takes longer than an hour. */
  static async wait(state: WithRoots): Promise<Lock> {
    for (let tries = 0;; tries++) {
      try {
        return new Lock(state);
      } catch (error) {
        if (!(error instanceof DiscoError) || error.code !== 4 || tries >= MOST_TRIES) throw error;
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  }

  /** Let go. */
  [Symbol.dispose](): void {
    close(this.#fd);
  }
}
