/**
 * The base layer: lies between the live root and the balls' layers. It holds what must be there
 * while balls run but is no change: mount points of the sandbox, and the shims of commands.
 *
 * @module
 */
import { follow, FollowError, Tree } from "../door/mod.ts";
import { copyAttributes, createFile, lstat, mkdir, symlink, utimens } from "../posix/mod.ts";
import { dirname } from "@std/path";
import { isBelow, type Place } from "./places.ts";

/** Files and folders laid under every ball. To be filled before the union is mounted. */
export class Base {
  #root: string;
  #folder: string;
  #places: readonly Place[];
  #tree: Tree | undefined;

  /** @param folder Where the base layer is kept, on the scratchpad. */
  constructor(root: string, folder: string, places: readonly Place[]) {
    this.#root = root;
    this.#folder = folder;
    this.#places = places;
  }

  /** The lower layers that the base adds at a place: one or none. */
  lowersOf(place: number): string[] {
    return this.at(place) === undefined ? [] : [`base/${place}`];
  }

  /** The folder of what the base adds at a place; its attributes are the live ones. */
  at(place: number): string | undefined {
    const folder = `${this.#folder}/${place}`;
    return lstat(folder) && folder;
  }

  /** Make sure that a directory is there; where the live root has it, nothing is done. */
  directory(path: string): void {
    if (this.#leads(path) !== undefined) return;
    const parent = this.#leads(dirname(path));
    this.#mirror(parent === undefined ? path : `${parent === "/" ? "" : parent}${nameIn(path)}`);
  }

  /** Lay a directory of the live root once more, so that it is this process's own. */
  copy(path: string): void {
    if (this.#live.stat(path)?.type === "directory") this.#mirror(path);
  }

  /** Put a file over (or where there is none, at) a path that has no symbolic link on its way. */
  file(path: string, content: Uint8Array<ArrayBuffer>, mode: number): void {
    this.#put(path, (at) => createFile(at, content, mode));
  }

  /** Put a link there. */
  link(path: string, target: string): void {
    this.#put(path, (at) => symlink(target, at));
  }

  #put(path: string, make: (at: string) => void): void {
    const parent = this.#mirror(dirname(path));
    make(`${this.#folder}/${this.#place(path)}${path.slice(this.#prefix(path))}`);
    const live = this.#live.stat(dirname(path));
    if (live) utimens(parent, live.mtime);
  }

  /** Let go of the live root. */
  release(): void {
    this.#tree?.[Symbol.dispose]();
    this.#tree = undefined;
  }

  get #live(): Tree {
    return this.#tree ??= new Tree(this.#root);
  }

  /** Where a path of the live root leads; undefined where nothing is. */
  #leads(path: string): string | undefined {
    try {
      return follow(this.#live, path).path;
    } catch (error) {
      if (error instanceof FollowError) return undefined;
      throw error;
    }
  }

  /** A directory of the base that looks like the live one, made with its parents; its real path. */
  #mirror(path: string): string {
    const real = `${this.#folder}/${this.#place(path)}${path.slice(this.#prefix(path))}`.replace(
      /\/$/,
      "",
    );
    if (lstat(real)) return real;
    if (!lstat(this.#folder)) mkdir(this.#folder);
    const isTop = this.#places[this.#place(path)]!.path === path;
    if (!isTop) this.#mirror(dirname(path));
    mkdir(real);
    const seen = this.#live.stat(path);
    if (seen?.type === "directory") {
      using live = this.#live.hold(path, seen);
      copyAttributes(live.fd, live.stat, real);
    }
    return real;
  }

  /** Index of the place that a path lies in: the innermost one that catches writes. */
  #place(path: string): number {
    let found = 0;
    this.#places.forEach((place, i) => {
      const isInner = place.path.length >= this.#places[found]!.path.length;
      if (place.kind === "union" && isInner && isBelow(place.path, path)) found = i;
    });
    return found;
  }

  #prefix(path: string): number {
    const place = this.#places[this.#place(path)]!.path;
    return place === "/" ? 0 : place.length;
  }
}

/** The last name of a path, with its slash. */
function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/"));
}
