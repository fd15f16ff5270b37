/**
 * What a merge takes away: every path that is deleted, and every file that becomes empty.
 *
 * @module
 */
import type { Change } from "../changes/mod.ts";
import { TooMuchError, type Tree, walk } from "../door/mod.ts";
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

/** Every path that changes take from a live tree. */
export function lostPaths(changes: readonly Change[], live: Tree): Lost {
  const lost: Lost = { paths: [], heaps: [] };
  for (const { path, kind, balls, before, contained = 0 } of changes) {
    if (kind === "deleted") lost.paths.push({ path, balls });
    if (before?.type !== "directory" || (kind !== "deleted" && kind !== "replaced")) continue;
    if (contained === 0) continue;
    const below = pathsBelow(live, path);
    if (below) { for (const one of below) lost.paths.push({ path: one, balls }); }
    else lost.heaps.push({ path, balls, contained });
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

function pathsBelow(live: Tree, folder: string): string[] | undefined {
  try {
    return [...walk(live, folder, BOUNDS)].map(({ path }) => path);
  } catch (error) {
    if (error instanceof TooMuchError) return undefined;
    // Without root not every directory can be looked through.
    if (error instanceof SyscallError && error.errno === E.ACCES) return undefined;
    throw error;
  }
}
