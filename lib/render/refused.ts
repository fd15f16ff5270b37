/**
 * Places of a tree where no ball writes.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { printable } from "../terminal/printable.ts";
import { parentOf, PathError } from "./resolve.ts";

/** The sandbox's own places and DISCO's own state: what is written there is not part of the union. */
export const REFUSED: readonly string[] = [
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/var/disco",
  "/etc/disco",
];

/** On top of each file system: what is about to be merged, and what was before (`lib/merge/area.ts`). */
const STAGING = "/.disco";

/** Knows the places; throws a {@linkcode PathError} for them. */
export class Refused {
  readonly #tree: Tree;
  readonly #places: readonly string[];

  constructor(tree: Tree, places: readonly string[] = REFUSED) {
    this.#tree = tree;
    this.#places = places;
  }

  /** Throw where nothing may be written, for an entry of a directory where it may. */
  refuseEntry(real: string): void {
    if (this.#places.includes(real) || real.endsWith(STAGING)) this.refuse(real);
  }

  /** Throw where nothing may be written; `holding` refuses what such a place lies in, too. */
  refuse(real: string, holding = false): void {
    for (const place of this.#places) {
      if (real === place || real.startsWith(`${place}/`)) {
        throw new PathError(`"${printable(place)}" is not part of what a ball can change`);
      }
      if (holding && place.startsWith(`${real}/`)) {
        throw new PathError(`it is a directory that holds "${printable(place)}"`);
      }
    }
    this.#refuseStaging(real);
  }

  #refuseStaging(real: string): void {
    for (let at = real.indexOf(STAGING); at >= 0; at = real.indexOf(STAGING, at + 1)) {
      const end = at + STAGING.length;
      if (end < real.length && real[end] !== "/") continue;
      if (!this.#isTop(real.slice(0, at))) continue;
      throw new PathError(`"${printable(real.slice(0, end))}" is DISCO's own, for what it merges`);
    }
  }

  /** Whether a directory is the top of what is mounted there. */
  #isTop(real: string): boolean {
    if (real === "") return true;
    return this.#tree.stat(real)?.mount !== this.#tree.stat(parentOf(real))?.mount;
  }
}
