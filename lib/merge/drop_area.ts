/**
 * The removal of staging folders: by descriptor, and of nothing that is not one.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { isPrivate, sameInode, Tree } from "../door/mod.ts";
import {
  Descent,
  E,
  emptyDirectory,
  fstat,
  lstat,
  O,
  open,
  removeTree,
  rmdir,
  type Stat,
  SyscallError,
} from "../posix/mod.ts";
import { printable, warning } from "../terminal/mod.ts";
import type { Area } from "./area.ts";
import { type Intent, intents, madeAreas } from "./area_notes.ts";
import { findAtHome, joined, rootOf } from "./staging.ts";

/**
 * Remove areas with everything in them. What a user has moved away is removed all the same; what is
 * left of it, and what cannot be found, is told as a warning.
 */
export function dropAreas(areas: readonly Area[], live: Tree, generations: string): void {
  for (const owner of new Set(areas.filter((area) => area.home === null).map((a) => a.owner))) {
    removeTree(`${generations}/${owner}/slots`);
  }
  const foreign = areas.filter((area): area is Area & { home: string } => area.home !== null);
  const folders = new Map(foreign.map((area) => [joined(area.home, area.name), area]));
  for (const area of folders.values()) dropForeign(area, live);
}

/** Remove what a merge that was not committed has staged outside of its own folder. */
export function dropUncommitted(generation: string, live: Tree): void {
  const made = madeAreas(generation);
  dropAreas(made, live, dirname(generation));
  for (const intent of intents(generation)) {
    const isMade = made.some(({ home, name }) => home === intent.home && name === intent.name);
    dropIntent(intent, basename(generation), live, isMade);
  }
}

/**
 * What was going to be made: a crash, or a full disk, can have come before it was noted as made. It is
 * empty then: what is not is something else under the same name.
 */
function dropIntent(
  { home, name, root }: Intent,
  owner: string,
  live: Tree,
  isMade: boolean,
): void {
  const top = live.stat(home);
  if (!top || String(top.ino) !== root.ino) return;
  const shared = live.stat(joined(home, name.slice(0, name.indexOf("/"))));
  const area = { place: home, home, name, owner, ino: null, handle: null };
  const slots = isMade ? undefined : findAtHome(area, live);
  if (!slots) removeShared(area, live);
  else if (isEmpty(slots)) removeFound(slots, area, live);
  else slots[Symbol.dispose]();
  // A crash can come between the making of the folder and the restoring of its directory's time; what
  // others have done there since counts, though.
  if (!shared || !isPrivate(shared) || top.mtime > shared.ctime) return;
  using inode = live.hold(home);
  if (String(inode.stat.ino) === root.ino) inode.utimens(BigInt(root.mtime));
}

type Foreign = Area & { home: string };

function dropForeign(area: Foreign, live: Tree): void {
  const path = printable(joined(area.home, area.name));
  try {
    const slots = findAtHome(area, live);
    if (slots) return removeFound(slots, area, live);
    warning(
      `the staging folder "${path}" of generation ${area.owner} was moved, removed, or is not ` +
        "mounted: where it still is, remove it by hand",
    );
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warning(`the staging folder "${path}" could not be removed: ${error.message}`);
  }
}

function removeFound(slots: Tree, area: Foreign, live: Tree): void {
  using _slots = slots;
  const stat = fstat(slots.fd);
  {
    using descent = new Descent(open(".", O.RDONLY | O.DIRECTORY, 0, slots.fd));
    emptyDirectory(descent, joined(area.home, area.name));
  }
  // The directory that it is in now, which is DISCO's as well: nobody else can have put it there.
  using above = new Tree(open("..", O.RDONLY | O.DIRECTORY, 0, slots.fd));
  const name = area.name.slice(area.name.lastIndexOf("/") + 1);
  if (!isPrivate(fstat(above.fd)) || !isInode(lstat(name, above.fd), stat)) return tellLeft(area);
  rmdir(name, above.fd);
  // Old versions had one more folder between.
  if (area.name.split("/").length > 2) return removeLegacy(above, area, live);
  removeShared(area, live, fstat(above.fd));
}

/** `.disco/ID/slots` of old versions: `.disco/ID` is empty now. */
function removeLegacy(above: Tree, area: Foreign, live: Tree): void {
  using top = new Tree(open("..", O.RDONLY | O.DIRECTORY, 0, above.fd));
  const name = area.name.split("/")[1]!;
  if (!isPrivate(fstat(top.fd)) || !isInode(lstat(name, top.fd), fstat(above.fd))) {
    return tellLeft(area);
  }
  rmdir(name, top.fd);
  removeShared(area, live, fstat(top.fd));
}

/** Remove the folder that all areas of a place share, if it is the one that is known, and empty. */
function removeShared({ home, name }: Foreign, live: Tree, known?: Stat): void {
  const root = rootOf(live, home);
  if (!root) return;
  using _root = root;
  const [shared = ""] = name.split("/");
  const stat = root.stat(`/${shared}`);
  if (!stat || !isPrivate(stat) || (known && !sameInode(stat, known))) {
    if (known) {
      warning(
        `the staging folder "${printable(joined(home, shared))}" was moved away: ` +
          "remove the empty directory where it is now",
      );
    }
    return;
  }
  const { mtime } = fstat(root.fd);
  try {
    root.rmdir(`/${shared}`);
  } catch (error) {
    // Other generations have theirs there; or it was moved meanwhile.
    const fine: readonly number[] = [E.NOTEMPTY, E.NOENT, E.NOTDIR, E.EXIST];
    if (error instanceof SyscallError && fine.includes(error.errno)) return;
    throw error;
  }
  using top = root.hold("/");
  top.utimens(mtime);
}

function isEmpty(slots: Tree): boolean {
  return slots.list("/").length === 0;
}

function isInode(stat: Stat | undefined, other: Stat): boolean {
  return stat !== undefined && sameInode(stat, other);
}

function tellLeft({ home, name }: Foreign): void {
  warning(
    `the staging folder "${
      printable(joined(home, name))
    }" is empty, but another process has moved ` +
      "it: remove it by hand",
  );
}
