/**
 * Which of the changed paths a line is about.
 *
 * @module
 */
import { matchesGlob, reachesBelow } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";

/** A path that changes. */
export interface ChangedPath {
  readonly path: string;
  /** The ball that changed it last; empty where none did. */
  readonly ball: string;
  /** A file or link that is there afterwards. */
  readonly isFile: boolean;
  /** A whole tree whose paths are not listed: a directory that is gone, or one that is added at once. */
  readonly isTree: boolean;
}

/** Characters of paths that are held against wildcards: some seconds. */
const MOST_WORK = 100_000_000;

/** The paths that change, and how much of the work of matching is left. */
export class Matcher {
  readonly #changed: readonly ChangedPath[];
  #left = MOST_WORK;

  constructor(changed: readonly ChangedPath[]) {
    this.#changed = changed;
  }

  /** The paths that a glob matches. Throws where that takes too long; `place` is where the glob stands. */
  all(glob: string, place: string): ChangedPath[] {
    return this.#changed.filter(this.#matching(glob, place));
  }

  /** The first one. */
  first(glob: string, place: string): ChangedPath | undefined {
    return this.#changed.find(this.#matching(glob, place));
  }

  #matching(glob: string, place: string): (changed: ChangedPath) => boolean {
    const [start = ""] = /^[^*?[\\]*/.exec(glob)!;
    // Everything below a folder, as most lines have it.
    if (glob === `${start}**`) {
      return ({ path, isTree }) => path.startsWith(start) || (isTree && start === `${path}/`);
    }
    const wildcards = 1 + (glob.slice(start.length).match(/[*?[]/g)?.length ?? 0);
    return ({ path, isTree }) => {
      if (!path.startsWith(start) && !(isTree && start.startsWith(path))) return false;
      this.#left -= path.length * wildcards;
      if (this.#left < 0) {
        throw new DiscoError(`Cannot match the changed paths: ${place} takes too long`, {
          hint: "name the paths with fewer wildcards",
        });
      }
      return matchesGlob(glob, path) || (isTree && reachesBelow(glob, path));
    };
  }
}
