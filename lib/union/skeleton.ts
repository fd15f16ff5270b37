/**
 * The directories of a root once more, owned by their maker, so that they can be written to; and
 * the files and links of `/etc`, which are often changed in place. Directories that lie deeper are
 * made when a ball is known to need them.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { bytesOf, type DirectoryEntry, E, mkdir, setXattr, SyscallError } from "../posix/mod.ts";
import { copyFile, copyLink, isDenied, type Original } from "./copy_file.ts";
import type { Gaps } from "./gaps.ts";
import { isBelow, type Place } from "./places.ts";

/** The folder of which everything is copied. */
const EDITED = "/etc";
/** Elsewhere the directories of so many levels are made: all of `/usr` would take a second. */
const LEVELS = 4;
/** Directories that are made at most, the upper ones first. */
const MOST = 10_000;

const UNREADABLE = "cannot be read: what is in there is not seen";

/** Fills the base layer of places. */
export class Skeleton {
  readonly #live: Tree;
  readonly #base: string;
  readonly #gaps: Gaps;
  #count = 0;

  constructor(live: Tree, base: string, gaps: Gaps) {
    this.#live = live;
    this.#base = base;
    this.#gaps = gaps;
  }

  /** Make the directories of all places that catch writes, level by level. */
  lay(places: readonly Place[]): void {
    let level = places.flatMap(({ kind, isBare, path }, i): Original[] => {
      if (kind !== "union" || isBare) return [];
      return [{ path, copy: `${this.#base}/${i}` }];
    });
    while (level.length > 0) level = level.flatMap((directory) => this.#make(directory));
  }

  /** Make a directory; returns those in it that are still to be made. */
  #make({ path, copy }: Original): Original[] {
    const live = this.#live;
    const stat = live.stat(path);
    if (!stat) return [];
    if (++this.#count > MOST) {
      this.#gaps.note("cannot be written, there are too many directories", path);
      return [];
    }
    mkdir(copy, stat.mode);
    // What is the user's own can be written as it is, and so can most of what is below.
    if (stat.uid === 0) return [];
    if (!live.stat(`${path === "/" ? "" : path}/.`)) {
      this.#gaps.note(UNREADABLE, path);
      markOpaque(copy);
      return [];
    }
    const isEdited = isBelow(EDITED, path);
    if (!isEdited && path.split("/").length > LEVELS) return [];
    const entries = listReadable(live, path, this.#gaps);
    const inner = path === "/" ? "" : path;
    const at = (name: string) => ({ path: `${inner}/${name}`, copy: `${copy}/${name}` });
    if (isEdited) {
      for (const { name, type } of entries) {
        if (type === "file") copyFile(live, at(name), this.#gaps);
        if (type === "symlink") copyLink(live, at(name));
      }
    }
    return entries.filter(({ type }) => type === "directory").map(({ name }) => at(name));
  }
}

/** What is in a folder of the live root; nothing where it cannot be read, which is noted. */
export function listReadable(live: Tree, path: string, gaps: Gaps): DirectoryEntry[] {
  try {
    return live.list(path);
  } catch (error) {
    if (!isDenied(error)) throw error;
    gaps.note(UNREADABLE, path);
    return [];
  }
}

/**
 * Hide what the live root has below a directory: otherwise a look into the copy would be refused, too.
 * False where the scratchpad has no attributes of users, as the tmpfs of Linux before 6.6.
 */
export function markOpaque(copy: string): boolean {
  try {
    setXattr(copy, "user.overlay.opaque", bytesOf("y"));
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.errno === E.OPNOTSUPP) return false;
    throw error;
  }
}
