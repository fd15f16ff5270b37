/**
 * What a merge takes away: every path that is deleted, and every file that becomes empty.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import { TooMuchError, type Tree, walk, type Walked } from "../door/mod.ts";
import { E, SyscallError } from "../posix/mod.ts";

/** A path that goes. */
export interface LostPath {
  readonly path: string;
  /** The balls that take it away. */
  readonly balls: readonly string[];
}

/** What goes. */
export interface Lost {
  /** Single paths, also those below directories that go as a whole. */
  readonly paths: LostPath[];
  /** Directories that hold more than can be looked through, and how much that is at least. */
  readonly heaps: (LostPath & { readonly contained: number })[];
}

/** How much below directories is looked through; more is refused whatever it is. */
const BOUNDS = { entries: 300_000, levels: 250 };

/** Every path that changes take from a live tree; a directory that is moved is not lost. */
export function lostPaths(changes: readonly Change[], live: Tree): Lost {
  const lost: Lost = { paths: [], heaps: [] };
  const moves = new Moves(changes);
  for (const { path, kind, balls, before, contained = 0 } of changes) {
    if (kind !== "deleted" && kind !== "replaced") continue;
    const isFull = before?.type === "directory" && contained > 0;
    const below = isFull ? entriesBelow(live, path) : [];
    if (below && isFull && moves.isMoved(path, below)) continue;
    if (kind === "deleted") lost.paths.push({ path, balls });
    for (const one of below ?? []) lost.paths.push({ path: one.path, balls });
    if (!below) lost.heaps.push({ path, balls, contained });
  }
  return lost;
}

/** Programs write, rotate and empty these by themselves. */
const WRITTEN_BY_PROGRAMS = /^\/(var\/(log|cache|tmp|spool|lib\/apt)|tmp|run)\//;

/** Regular files that had content and have none afterwards, but for those delivered empty. */
export function emptiedFiles(
  changes: readonly Change[],
  isDelivered: (path: string) => boolean,
): Change[] {
  return changes.filter(({ path, before, after }) =>
    before?.type === "file" && after?.type === "file" && (before.size ?? 0) > 0 &&
    after.size === 0 && !WRITTEN_BY_PROGRAMS.test(path) && !isDelivered(path)
  );
}

/** New directories that are tried: what is moved to another counts as lost. */
const MOST_FOLDERS = 10_000;

/** Where directories have come to be. */
class Moves {
  readonly #created: ReadonlyMap<string, Change>;
  readonly #folders: readonly string[];

  constructor(changes: readonly Change[]) {
    const created = changes.filter(({ kind }) => kind === "created");
    this.#created = new Map(created.map((change) => [change.path, change]));
    this.#folders = created.filter(({ after }) => after?.type === "directory")
      .map(({ path }) => path).slice(0, MOST_FOLDERS);
  }

  /** Whether all that is below a directory is created below another one, of the same kinds and sizes. */
  isMoved(from: string, below: readonly Walked[]): boolean {
    return this.#folders.some((to) =>
      below.every(({ path, stat: { type, size } }) => {
        const after = this.#created.get(to + path.slice(from.length))?.after;
        return after?.type === type && (type !== "file" || after.size === Number(size));
      })
    );
  }
}

function entriesBelow(live: Tree, folder: string): Walked[] | undefined {
  try {
    return [...walk(live, folder, BOUNDS)];
  } catch (error) {
    if (error instanceof TooMuchError) return undefined;
    // Without root not every directory can be looked through.
    if (error instanceof SyscallError && error.errno === E.ACCES) return undefined;
    throw error;
  }
}
