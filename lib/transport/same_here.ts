/**
 * Which items are the same here as in a universe on this machine. It decides as rsync does with
 * `-rlpt`, by one walk through the universe instead of a program between walls. Whatever it does not
 * understand is not the same: then rsync looks, and says what is wrong.
 *
 * @module
 */
import { type Bounds, TooMuchError, Tree, walk, type Walked } from "../door/mod.ts";
import { isAway } from "./away.ts";
import { DEEPEST } from "./weigh.ts";

/** How many entries are looked at between two looks at the clock. */
const STRIDE = 256;
/** Entries that are looked at here: in that time, which is less than a second, nothing else is done. */
const MOST = 20_000;

/** What a walk may take. */
export interface Allowance {
  /** Entries. */
  readonly files: number;
  /** Milliseconds. */
  readonly timeLeft: number;
}

/**
 * Those of the items in the folder `here` that are the same in the folder `there`: type, permission
 * bits, content by size and time, target of links. That `here` has more is not seen but by the time
 * of a directory. Undefined where a part of `there` {@linkcode isAway}, or there is very much of it.
 */
export function sameHere(
  there: string,
  here: string,
  names: readonly string[],
  { files, timeLeft }: Allowance,
): Set<string> | undefined {
  if (isAway(there) || names.length > MOST) return undefined;
  const end = performance.now() + timeLeft;
  try {
    using theirs = new Tree(there);
    using ours = new Tree(here);
    let looks = 0;
    const bounds: Bounds = { entries: MOST, levels: DEEPEST };
    const isSame = (entry: Walked) => {
      if (++looks > files || (looks % STRIDE === 0 && performance.now() > end)) return false;
      if (looks > MOST) throw new TooMuchError(there, "has very many entries");
      return isAlike(theirs, ours, entry);
    };
    return new Set(names.filter((name) => {
      const path = `/${name}`;
      const stat = theirs.stat(path);
      if (!stat || !isSame({ path, stat })) return false;
      for (const entry of walk(theirs, path, bounds)) if (!isSame(entry)) return false;
      return true;
    }));
  } catch (error) {
    if (error instanceof TooMuchError) return undefined;
    // Not to be read, or gone meanwhile: whatever it is, rsync says it better.
    return new Set();
  }
}

function isAlike(theirs: Tree, ours: Tree, { path, stat }: Walked): boolean {
  const own = ours.stat(path);
  if (!own || own.type !== stat.type || own.mtime !== stat.mtime) return false;
  switch (stat.type) {
    case "directory":
      return own.mode === stat.mode;
    case "file":
      return own.mode === stat.mode && own.size === stat.size;
    case "symlink":
      return theirs.readlink(path) === ours.readlink(path);
    default:
      return false;
  }
}
