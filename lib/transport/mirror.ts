/**
 * The items of a universe, brought here one wave at a time.
 *
 * @module
 */
import { join } from "@std/path";
import { inspectBall } from "../ball/mod.ts";
import { type Kind, KINDS } from "./address.ts";
import { MissingError } from "./failure.ts";
import type { Remote } from "./remote.ts";
import type { Store } from "./store.ts";

/** Knows which items are the same here and on the server, and fetches the others. */
export class Mirror {
  readonly #compared = perKind(() => new Set<string>());
  readonly #same = perKind(() => new Set<string>());
  /** What was new or different on the server. */
  readonly changed: Record<Kind, string[]> = perKind(() => []);

  constructor(readonly remote: Remote, readonly store: Store) {}

  /** Compare items with the server's, as far as they are here and have not been compared yet. */
  async compare(kind: Kind, names: readonly string[]): Promise<void> {
    const news = names.filter((name) => !this.#compared[kind].has(name));
    const present = this.store.present(kind, news);
    const same = await this.remote.same(kind, present, this.store.here);
    for (const name of present) this.#compared[kind].add(name);
    for (const name of same) this.#same[kind].add(name);
  }

  /** Whether items have been compared and are the same. */
  isSame(kind: Kind, names: readonly string[]): boolean {
    return names.every((name) => this.#same[kind].has(name));
  }

  /**
   * See to it that items are here, in the store or in the staging, and that a new ball is one.
   * `missing` makes the error for an item that the server does not have. Returns the bytes received.
   */
  async obtain(
    kind: Kind,
    names: readonly string[],
    missing: (name: string) => Error,
  ): Promise<number> {
    await this.compare(kind, names);
    const wanted = names.filter((name) => !this.isSame(kind, [name]));
    const { here, staging } = this.store;
    let bytes;
    try {
      bytes = await this.remote.fetch(kind, wanted, here, staging);
    } catch (error) {
      if (!(error instanceof MissingError)) throw error;
      throw missing(error.names[0]!);
    }
    this.#take(kind, wanted);
    return bytes;
  }

  /**
   * As `obtain`, of all kinds at once where that is better. What is missing is left to `obtain`, which
   * says so. Returns the bytes received.
   */
  async obtainAll(names: Readonly<Record<Kind, readonly string[]>>): Promise<number> {
    await Promise.all(KINDS.map((kind) => this.compare(kind, names[kind])));
    const wanted = perKind((kind) => names[kind].filter((name) => !this.isSame(kind, [name])));
    if (KINDS.every((kind) => wanted[kind].length === 0)) return 0;
    const { here, staging } = this.store;
    const bytes = await this.remote.fetchTogether(wanted, here, staging);
    if (bytes === undefined) return 0;
    for (const kind of KINDS) this.#take(kind, wanted[kind]);
    return bytes;
  }

  /** Take note of items that lie in the staging. */
  #take(kind: Kind, names: readonly string[]): void {
    for (const name of names) {
      this.store.staged(kind, name);
      // Who asks again has it.
      this.#compared[kind].add(name);
      this.#same[kind].add(name);
      if (kind === "balls") inspectBall(join(this.store.staging.balls, name), name);
    }
    this.changed[kind].push(...names);
  }

  /** As `obtain`, one by one and only of groups: those that the server does not have are left out. */
  async obtainGroups(names: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const name of names) {
      const missing = new MissingError([name]);
      try {
        await this.obtain("groups", [name], () => missing);
        found.push(name);
      } catch (error) {
        if (error !== missing) throw error;
      }
    }
    return found;
  }

  /** Where an item is now. */
  find(kind: Kind, name: string): string {
    return this.store.find(kind, name);
  }
}

function perKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return { parameters: make("parameters"), groups: make("groups"), balls: make("balls") };
}
