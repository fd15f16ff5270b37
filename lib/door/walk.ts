/**
 * Everything below a directory of a tree, however many and however deep others made it.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Tree } from "./tree.ts";

/** How much a walk takes. */
export interface Bounds {
  readonly entries: number;
  /** Levels below the directory that the walk begins at. */
  readonly levels: number;
  /** Names that are met; what lies below others is not either. Without it, all are. */
  readonly wants?: (name: string) => boolean;
}

/** A directory holds more entries than the caller can use. */
export class TooMuchError extends Error {
  override name = "TooMuchError";
  constructor(readonly path: string, readonly what: string) {
    super(`"${printable(path)}" ${what}`);
  }
}

/** An entry that was met. */
export interface Walked {
  /** Absolute inside the tree. */
  readonly path: string;
  readonly stat: Stat;
}

/**
 * Everything below a directory, directories before what they hold, each directory sorted by name (in
 * the order of code units). Links are not followed; what goes away meanwhile is left out. Throws a
 * {@linkcode TooMuchError} where there is more than the bounds allow.
 */
export function* walk(tree: Tree, from: string, bounds: Bounds): Generator<Walked> {
  const top = from === "/" ? "" : from;
  let left = bounds.entries;
  const namesOf = (path: string) => {
    const names = tree.list(path, left).map(({ name }) => name);
    if ((left -= names.length) < 0) {
      throw new TooMuchError(from, `has more than ${bounds.entries} entries`);
    }
    return (bounds.wants ? names.filter(bounds.wants) : names).sort().reverse();
  };
  const stack: Level[] = [{ path: top, names: namesOf(from) }];
  for (let level = stack.at(-1); level; level = stack.at(-1)) {
    const name = level.names.pop();
    if (name === undefined) {
      stack.pop();
      continue;
    }
    const path = `${level.path}/${name}`;
    const stat = tree.stat(path);
    if (!stat) continue;
    yield { path, stat };
    if (stat.type !== "directory") continue;
    if (stack.length === bounds.levels) {
      throw new TooMuchError(from, `has more than ${bounds.levels} levels of folders`);
    }
    stack.push({ path, names: namesOf(path) });
  }
}

interface Level {
  readonly path: string;
  /** What is left, last one first. */
  readonly names: string[];
}
