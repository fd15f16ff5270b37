/**
 * The making of staging folders.
 *
 * @module
 */
import { ChangedError, isPrivate, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { fstat, handleOf, lstat, mkdir, O, open, openBeneath, type Stat } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { type Area, innermost, type MergePlace, otherName, SHARED } from "./area.ts";
import { noteArea, noteIntent } from "./area_notes.ts";
import { findArea, rootOf, type Staging } from "./staging.ts";

/** Tries to make a folder where another process keeps taking it away. */
const TRIES = 5;

/** Where areas are made, and for which paths. */
export interface AreaRequest {
  readonly live: Tree;
  /** The folder of the generation, in DISCO's own. */
  readonly generation: string;
  /** Every place of the union that can be merged to. */
  readonly places: readonly MergePlace[];
  /** Paths that need a slot. */
  readonly paths: readonly string[];
}

/**
 * Make a folder for the slots of each place that one of the paths lies in. It is the generation's own
 * wherever that is on the same file system; places of one file system share one, as far as they can
 * reach it. Only where there is none in reach a new one is made in the root folder of the place.
 */
export function makeAreas(request: AreaRequest, staging: Staging): void {
  const maker = new Maker(request, staging);
  const needed = new Set(
    request.paths.map((path) => innermost(path, request.places, (place) => place.path)!),
  );
  // Folders of root first: what can lie there need not lie in a user's.
  for (const place of [...needed].sort(byOwner(request.live))) maker.make(place);
}

function byOwner(live: Tree): (a: MergePlace, b: MergePlace) => number {
  const isUsers = ({ path }: MergePlace) => Number(live.stat(path)?.uid !== 0);
  return (a, b) => isUsers(a) - isUsers(b);
}

class Maker {
  readonly #request: AreaRequest;
  readonly #staging: Staging;
  readonly #generations: string;
  readonly #owner: string;

  constructor(request: AreaRequest, staging: Staging) {
    this.#request = request;
    this.#staging = staging;
    const cut = request.generation.lastIndexOf("/");
    this.#generations = request.generation.slice(0, cut);
    this.#owner = request.generation.slice(cut + 1);
  }

  make({ path }: MergePlace): void {
    const { live } = this.#request;
    const root = rootOf(live, path);
    if (!root) {
      throw new DiscoError(
        `Cannot stage changes for "${printable(path)}": it is not there any more`,
      );
    }
    using _root = root;
    const at = fstat(root.fd);
    const shared = this.#own(path, at) ?? this.#shared(path, at);
    const slots = shared && findArea(shared, live, this.#generations);
    if (slots) return this.#staging.add(shared, slots);
    this.#staging.add(...this.#foreign(path, root, at));
  }

  /** The generation's folder, where the place can reach it. */
  #own(place: string, at: Stat): Area | undefined {
    const { generation } = this.#request;
    if (lstat(generation)?.dev !== at.dev) return undefined;
    const path = `${generation}/slots`;
    if (!lstat(path)) mkdir(path, 0o700);
    const slots = new Tree(open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW));
    using _slots = slots;
    const stat = fstat(slots.fd);
    const area = { place, owner: this.#owner, home: null, name: "", ino: String(stat.ino) };
    if (stat.mount === at.mount) return { ...area, handle: null };
    const handle = handleOf(slots.fd) ?? null;
    return { ...area, handle, name: this.#nameThrough(at, stat, path) };
  }

  /** How the generation's folder is named below another mount of the folder that it lies in. */
  #nameThrough(at: Stat, slots: Stat, path: string): string {
    const { live, places } = this.#request;
    const twin = places.find((place) => {
      const stat = live.stat(place.path);
      return stat?.mount === slots.mount && stat.ino === at.ino && stat.dev === at.dev &&
        path.startsWith(place.live === "/" ? "/" : `${place.live}/`);
    });
    if (!twin) return "";
    return path.slice(twin.live === "/" ? 1 : twin.live.length + 1);
  }

  /** A folder that was made for another place of the same file system. */
  #shared(place: string, at: Stat): Area | undefined {
    for (const area of this.#staging.areas) {
      if (area.home === null || fstat(this.#staging.of(area.place).fd).dev !== at.dev) continue;
      const candidate = { ...area, place };
      const found = findArea(candidate, this.#request.live, this.#generations);
      found?.[Symbol.dispose]();
      if (found) return candidate;
    }
    return undefined;
  }

  #foreign(place: string, root: Tree, at: Stat): [Area, Tree] {
    const { generation } = this.#request;
    let name = SHARED;
    for (let i = 0; i < TRIES; i++, name = otherName()) {
      if (root.stat(`/${name}`) ? !isOurs(root, name, at) : false) continue;
      noteIntent(generation, { home: place, name: `${name}/${this.#owner}`, root: at });
      try {
        const slots = makeIn(root, name, this.#owner, at);
        const stat = fstat(slots.fd);
        const area = {
          place,
          owner: this.#owner,
          home: place,
          name: `${name}/${this.#owner}`,
          ino: String(stat.ino),
          handle: handleOf(slots.fd) ?? null,
        };
        noteArea(generation, area);
        return [area, slots];
      } catch (error) {
        if (!(error instanceof ChangedError)) throw error;
      }
    }
    throw new DiscoError(
      `Cannot make a staging folder in "${printable(place)}": another process keeps changing it`,
      { hint: "find out who writes there, then dance again; nothing has been changed" },
    );
  }
}

/** Whether a staging folder of other generations is there already. */
function isOurs(root: Tree, name: string, at: Stat): boolean {
  const stat = root.stat(`/${name}`);
  return stat !== undefined && isPrivate(stat) && stat.mount === at.mount && stat.dev === at.dev;
}

/** Make `name/id` and open it; the time of the root folder stays. */
function makeIn(root: Tree, name: string, id: string, at: Stat): Tree {
  if (!root.stat(`/${name}`)) {
    root.mkdirPrivate(`/${name}`)[Symbol.dispose]();
    using top = root.hold("/");
    top.utimens(at.mtime);
  }
  using shared = holdOurs(root, name, at);
  using above = new Tree(shared.reopen(O.RDONLY | O.DIRECTORY));
  using _made = above.mkdirPrivate(`/${id}`);
  return new Tree(openBeneath(above.fd, id, O.RDONLY | O.DIRECTORY | O.NOFOLLOW));
}

function holdOurs(root: Tree, name: string, at: Stat) {
  const inode = root.hold(`/${name}`);
  if (isPrivate(inode.stat) && inode.stat.mount === at.mount && inode.stat.dev === at.dev) {
    return inode;
  }
  inode[Symbol.dispose]();
  throw new ChangedError(`/${name}`);
}
