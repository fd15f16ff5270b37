/**
 * The directories of a root once more, owned by whoever lays them, so that they can be written to; and
 * the files of `/etc`, which are often changed in place. Directories that lie deeper are made when a
 * ball is known to need them.
 *
 * @module
 */
import { dirname } from "@std/path";
import {
  bytesOf,
  copyAttributes,
  createFile,
  type DirectoryEntry,
  lstat,
  mkdir,
  readdir,
  readFile,
  setXattr,
  SyscallError,
} from "../posix/mod.ts";
import type { Gaps } from "./gaps.ts";
import { standInFor } from "./stand_ins.ts";
import { isBelow, type Place } from "./places.ts";

/** The folder of which everything is copied, and the most bytes of a file in it. */
const EDITED = "/etc";
const LARGEST = 1 << 20;
/** Elsewhere the directories of so many levels are made: all of `/usr` would take a second. */
const LEVELS = 4;
/** Directories that are made at most, the upper ones first. */
const MOST = 10_000;

const UNREADABLE = "cannot be read: what is in there is not seen";

interface Directory {
  readonly live: string;
  /** As seen from inside the root. */
  readonly path: string;
  readonly copy: string;
}

/** Fills the base layer of places. */
export class Skeleton {
  readonly #base: string;
  readonly #gaps: Gaps;
  #count = 0;

  constructor(base: string, gaps: Gaps) {
    this.#base = base;
    this.#gaps = gaps;
  }

  /** Make the directories of all places that catch writes, level by level. */
  lay(places: readonly Place[]): void {
    let level = places.flatMap(({ kind, isBare, live, path }, i): Directory[] => {
      if (kind !== "union" || isBare) return [];
      return [{ live, path, copy: `${this.#base}/${i}` }];
    });
    while (level.length > 0) level = level.flatMap((directory) => this.#make(directory));
  }

  /** Make a directory; returns those in it that are still to be made. */
  #make({ live, path, copy }: Directory): Directory[] {
    const stat = lstat(live);
    if (!stat) return [];
    if (++this.#count > MOST) {
      this.#gaps.note("cannot be written, there are too many directories", path);
      return [];
    }
    mkdir(copy, stat.mode);
    // What is the user's own can be written as it is, and so can most of what is below.
    if (stat.uid === 0) return [];
    if (!lstat(`${live}/.`)) {
      this.#gaps.note(UNREADABLE, path);
      hideWhatIsBelow(copy);
      return [];
    }
    const isEdited = isBelow(EDITED, path);
    if (!isEdited && path.split("/").length > LEVELS) return [];
    const entries = listReadable(live, path, this.#gaps);
    const inner = path === "/" ? "" : path;
    const at = (name: string) => (
      { live: `${live}/${name}`, path: `${inner}/${name}`, copy: `${copy}/${name}` }
    );
    if (isEdited) {
      for (const { name, type } of entries) if (type === "file") this.#copy(at(name));
    }
    return entries.filter(({ type }) => type === "directory").map(({ name }) => at(name));
  }

  #copy({ live, path, copy }: Directory): void {
    const stat = lstat(live);
    if (!stat || stat.size > LARGEST) return;
    const content = this.#contentOf(live, path, stat.size);
    if (!content) return;
    createFile(copy, content);
    copyAttributes(live, stat, copy);
  }

  #contentOf(live: string, path: string, size: number): Uint8Array<ArrayBuffer> | undefined {
    try {
      return readFile(live);
    } catch (error) {
      if (!isDenied(error)) throw error;
    }
    const standIn = standInFor(path, size, dirname(live));
    if (!standIn) this.#gaps.note("cannot be read, nor be changed in place", path);
    else if (size > 0) this.#gaps.note("cannot be read: stand-ins have no passwords", path);
    return standIn;
  }
}

/** What is in a folder of the live root; nothing where it cannot be read, which is noted. */
export function listReadable(live: string, path: string, gaps: Gaps): DirectoryEntry[] {
  try {
    return readdir(live);
  } catch (error) {
    if (!isDenied(error)) throw error;
    gaps.note(UNREADABLE, path);
    return [];
  }
}

/** Else whoever looks into the copy would be refused, too. */
function hideWhatIsBelow(copy: string): void {
  try {
    setXattr(copy, "user.overlay.opaque", bytesOf("y"));
  } catch (error) {
    // The tmpfs of Linux before 6.6 has no such attributes.
    if (!(error instanceof SyscallError && error.code === "EOPNOTSUPP")) throw error;
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof SyscallError && error.code === "EACCES";
}
