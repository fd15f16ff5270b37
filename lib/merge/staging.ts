/**
 * The staging folders of one transaction. A folder is made once, and from then on it is known by a
 * descriptor, after a crash by its file handle or inode number: its name is in a directory that may
 * belong to a user, who can rename it and put something else there. A rename must begin and end on
 * the same mount (EXDEV), so each place reaches its folder through its own mount.
 *
 * @module
 */
import { isPrivate, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import {
  close,
  fstat,
  lstat,
  O,
  open,
  openBeneath,
  openHandle,
  type Stat,
  SyscallError,
} from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { type Area, areaOf } from "./area.ts";

/** Slots of a transaction, by the path that they belong to. */
export class Staging implements Disposable {
  readonly #live: Tree;
  readonly #generations: string;
  readonly #open = new Map<string, Tree>();
  readonly #areas: Area[];

  /**
   * @param live The root that is merged to.
   * @param generations DISCO's folder of generations.
   * @param areas What a journal says of them; the folders are opened when they are needed.
   */
  constructor(live: Tree, generations: string, areas: readonly Area[] = []) {
    this.#live = live;
    this.#generations = generations;
    this.#areas = [...areas];
  }

  /** The areas so far. */
  get areas(): readonly Area[] {
    return this.#areas;
  }

  /** Take in an area whose folder is open already. */
  add(area: Area, slots: Tree): void {
    this.#areas.push(area);
    this.#open.set(area.place, slots);
  }

  /** The slots for a path of the root. Throws if their folder cannot be found. */
  of(path: string): Tree {
    const area = areaOf(path, this.#areas);
    if (!area) throw new Error(`unreachable: "${path}" has no area`);
    const known = this.#open.get(area.place);
    if (known) return known;
    const slots = findArea(area, this.#live, this.#generations);
    if (!slots) throw lost(area);
    this.#open.set(area.place, slots);
    return slots;
  }

  /** Make everything on the file systems of the areas durable. */
  sync(): void {
    for (const { place } of this.#areas) this.of(place).sync();
  }

  [Symbol.dispose](): void {
    for (const slots of this.#open.values()) slots[Symbol.dispose]();
    this.#open.clear();
  }
}

/** Find the folder of an area, through the mount of its place; undefined if it cannot be found. */
export function findArea(area: Area, live: Tree, generations: string): Tree | undefined {
  const own = area.home === null ? `${generations}/${area.owner}/slots` : undefined;
  return openThrough(live, area.place, area, own);
}

/** Find the folder where it was made, to remove it; only for areas that have a home. */
export function findAtHome(area: Area & { home: string }, live: Tree): Tree | undefined {
  return openThrough(live, area.home, area);
}

function openThrough(live: Tree, place: string, area: Area, own?: string): Tree | undefined {
  const root = rootOf(live, place);
  if (!root) return undefined;
  using _root = root;
  const at = fstat(root.fd);
  for (const found of candidates(root.fd, at.mount, area, own)) {
    const stat = fstat(found);
    const isIt = isPrivate(stat) && stat.dev === at.dev && stat.mount === at.mount &&
      (area.ino === null || String(stat.ino) === area.ino);
    if (isIt) return new Tree(found);
    close(found);
  }
  return undefined;
}

/** The root folder of a place, if it is there. */
export function rootOf(live: Tree, place: string): Tree | undefined {
  return live.stat(place)?.type === "directory" ? live.below(place) : undefined;
}

function* candidates(
  root: number,
  mount: Stat["mount"],
  { handle, name }: Area,
  own: string | undefined,
): Generator<number> {
  const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
  if (own !== undefined && lstat(own)?.mount === mount) yield open(own, flags);
  const found = handle === null ? undefined : openHandle(root, handle);
  if (found !== undefined) yield found;
  if (name === "") return;
  try {
    yield openBeneath(root, name, flags);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
}

function lost({ owner, place, home, name }: Area): DiscoError {
  const made = home === null ? "" : `, which was "${printable(joined(home, name))}"`;
  return new DiscoError(
    `Cannot find the staging folder of generation "${owner}" for "${printable(place)}"${made}: ` +
      "it was moved or removed, or its file system is not mounted",
    { hint: `bring it back, then run disco recover; or disco recover --give-up ${owner}` },
  );
}

/** A name in the root folder of a place, as a path inside the root. */
export function joined(place: string, name: string): string {
  return `${place === "/" ? "" : place}/${name}`;
}
