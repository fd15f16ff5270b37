/**
 * The union: an overlay of the live root whose writable top is a new layer for each ball.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import {
  copyAttributes,
  fstat,
  hasEntries,
  lstat,
  mkdir,
  readXattrs,
  removeTree,
  rmdir,
  SyscallError,
  unmount,
} from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { Base } from "./base.ts";
import { type Outcome, PlaceMounter } from "./place_mounter.ts";
import { isBelow, type Place } from "./places.ts";

/** What one ball changed, or a part of it, in the order of the dance. */
export interface Layer {
  readonly number: number;
  readonly ball: string;
}

/** Everything that another process needs to go on with a union. */
export interface UnionState {
  readonly scratch: string;
  readonly root: string;
  readonly places: readonly Place[];
  readonly layers: readonly Layer[];
  readonly top: Layer | null;
  readonly next: number;
  readonly isVolatile: boolean;
  /** What is mounted at the places: identities of mounts, by index. */
  readonly mounts: Readonly<Record<number, number>>;
}

/** A union in the mount namespace of the calling thread. Its content is at {@linkcode mountpoint}. */
export class Union {
  readonly root: string;
  readonly base: Base;
  #scratch: string;
  #places: Place[];
  #layers: Layer[];
  #top: Layer | null;
  #next: number;
  /** Layers up to this one are kept whatever happens. */
  #settled = 0;
  #volatile: boolean;
  #mounts: Record<number, number>;
  readonly #folders = new Set<string>();
  /** Whether a layer that is done is empty at a place. */
  readonly #empty = new Map<string, boolean>();

  constructor(state: UnionState) {
    this.root = state.root;
    this.#scratch = state.scratch;
    this.#places = [...state.places];
    this.#layers = [...state.layers];
    this.#top = state.top;
    this.#next = state.next;
    this.#volatile = state.isVolatile;
    this.#mounts = { ...state.mounts };
    this.base = new Base(state.root, `${state.scratch}/base`, this.#places);
  }

  /** What to write down so that another process can go on. */
  get state(): UnionState {
    return {
      scratch: this.#scratch,
      root: this.root,
      places: this.#places,
      layers: this.#layers,
      top: this.#top,
      next: this.#next,
      isVolatile: this.#volatile,
      mounts: this.#mounts,
    };
  }

  /** The folder in which the union is mounted. */
  get mountpoint(): string {
    return `${this.#scratch}/root`;
  }

  /** A folder of the scratchpad, for what is not part of the union. */
  folder(name: string, mode = 0o755): string {
    const path = `${this.#scratch}/${name}`;
    // It stays, or whoever takes it away makes a new one.
    if (!this.#folders.has(name) && !lstat(path)) mkdir(path, mode);
    this.#folders.add(name);
    return path;
  }

  /** The mounts of the live root, and what became of them. */
  get places(): readonly Place[] {
    return this.#places;
  }

  /** The layers so far, the one that is being written last. */
  get layers(): readonly Layer[] {
    return this.#top ? [...this.#layers, this.#top] : this.#layers;
  }

  /**
   * The number of the layer on top while nothing has been written to it: as long as it is the same,
   * so is what is in the union.
   */
  get untouched(): number | undefined {
    return this.#top && this.#isEmpty(this.#top) ? this.#top.number : undefined;
  }

  /** The folder in which a layer keeps what was changed at a place. */
  upper(layer: Layer, place: number): string {
    return `${this.#scratch}/upper/${layer.number}/${place}`;
  }

  /** The layers that are written no more at a place, uppermost first; relative to the scratchpad. */
  lowersOf(place: number): string[] {
    const lowers = this.#layers.filter((layer) => !this.#isEmptyAt(layer, place)).reverse();
    return [
      ...lowers.map((layer) => `upper/${layer.number}/${place}`),
      ...this.base.lowersOf(place),
    ];
  }

  /** Whether a layer gives the directory of the place itself other attributes than it had before. */
  isRootTouched(layer: Layer, place: number): boolean {
    const [upper, below] = [this.upper(layer, place), this.#below(layer.number, place)];
    const [stat, before] = [lstat(upper), lstat(below)];
    // A place that was unmounted before it could be looked at has nothing to compare.
    if (!stat || !before) return false;
    return stat.mode !== before.mode || stat.uid !== before.uid || stat.gid !== before.gid ||
      !sameXattrs(readXattrs(upper), readXattrs(below));
  }

  /**
   * Throw unless everything is mounted where it belongs: who moves or replaces a directory on the way
   * takes the mount along. To be called when a ball's script, or a person, has worked in the union.
   */
  requirePlaces(): void {
    using tree = new Tree(this.mountpoint);
    const moved = this.#places.find((place, i) =>
      this.#mounts[i] !== undefined && mountAt(tree, place.path) !== this.#mounts[i]
    );
    if (moved) throw this.#moved(moved);
  }

  /** Let a ball begin: whatever is written from now on is in a layer of its own. */
  begin(ball: string): void {
    if (this.#top) this.requirePlaces();
    if (this.#top && !this.#isEmpty(this.#top)) this.#layers.push(this.#top);
    else if (this.#top) return void (this.#top = { ...this.#top, ball });
    this.#mountTop(ball);
  }

  /** Keep what the ball has changed so far, and go on in a new layer of the same ball. */
  seal(): void {
    if (this.#top) this.begin(this.#top.ball);
  }

  /** Throw away what was changed since `begin` or `seal`. */
  drop(): void {
    const top = this.#top;
    if (!top || this.#isEmpty(top)) return;
    this.#unmountTop();
    this.#forget(top);
    this.#mountTop(top.ball);
  }

  /** Keep for good what was changed so far; returns the number of the last layer that is kept. */
  settle(): number {
    this.begin("");
    return this.#settled = this.#top!.number - 1;
  }

  /** Throw away everything that a ball has changed; nothing of a later ball may be there yet. */
  dropBall(ball: string): void {
    this.#unmountTop();
    const isDropped = (layer: Layer) => layer.ball === ball && layer.number > this.#settled;
    const dropped = this.layers.filter(isDropped);
    this.#layers = this.layers.filter((layer) => !isDropped(layer));
    this.#top = null;
    dropped.forEach((layer) => this.#forget(layer));
    this.#mountTop("");
  }

  /** Mount anew, after the base layer has been filled; nothing may have been written yet. */
  remount(): void {
    const ball = this.#top?.ball ?? "";
    this.#unmountTop();
    if (this.#top) this.#forget(this.#top);
    this.#mountTop(ball);
    this.base.release();
  }

  /** Take the union down; the layers are gone with the scratchpad. */
  close(): void {
    this.base.release();
    this.#unmountTop();
    unmount(this.#scratch, true);
  }

  #mountTop(ball: string): void {
    this.#unmountTop();
    const top = { number: this.#next++, ball };
    for (const folder of ["upper", "work"]) mkdir(this.folder(folder) + `/${top.number}`);
    for (const folder of ["root", "empty", "origin"]) this.folder(folder);
    this.#mounts = {};
    using mounter = new PlaceMounter(this.#scratch, this.root, this.mountpoint);
    this.#places.forEach((place, i) => {
      if (place.shown === "absent") return;
      const outcome = place.kind === "union"
        ? this.#mountOverlay(mounter, place, i, top)
        : mounter.mount(place, null);
      this.#note(i, outcome);
    });
    this.#top = top;
  }

  /** What the directory of a place is like without a layer and those after it. */
  #below(number: number, place: number): string {
    const before = this.#layers.findLast((layer) => layer.number < number);
    return before ? this.upper(before, place) : this.#origin(place);
  }

  /** A folder with the attributes that the directory of a place had at first. */
  #origin(place: number): string {
    return this.base.at(place) ?? `${this.#scratch}/origin/${place}`;
  }

  #mountOverlay(mounter: PlaceMounter, place: Place, i: number, top: Layer): Outcome {
    const why = this.#keepOrigin(mounter, place, i);
    if (why !== undefined) {
      this.#places[i] = { ...place, kind: "refused", reason: why, shown: "nothing" };
      return mounter.mount(this.#places[i]!, null);
    }
    const [upper, work] = [`upper/${top.number}/${i}`, `work/${top.number}/${i}`];
    for (const path of [upper, work]) mkdir(`${this.#scratch}/${path}`);
    const below = this.#below(top.number, i);
    const seen = lstat(below);
    if (seen) copyAttributes(below, seen, `${this.#scratch}/${upper}`);
    const recipe = { lowers: this.lowersOf(i), top: { upper, work, isVolatile: this.#volatile } };
    try {
      return mounter.mount(place, recipe);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (i === 0) throw overlayError(place, error);
      if (this.#hasChanges(i)) throw lostError(place, messageOf(error));
      const reason = `its file system cannot be overlaid (${error.code})`;
      this.#places[i] = { ...place, kind: "refused", reason };
      return mounter.mount(this.#places[i]!, null);
    }
  }

  /** Keep what the live directory of a place is like; why it cannot be looked at, if it cannot. */
  #keepOrigin(mounter: PlaceMounter, place: Place, i: number): string | undefined {
    const origin = this.#origin(i);
    if (place.isBare || lstat(origin)) return undefined;
    const source = mounter.source(place);
    // Whoever mounts it finds out the same.
    if (typeof source === "string") return undefined;
    using live = source;
    mkdir(origin);
    try {
      copyAttributes(live.fd, fstat(live.fd), origin);
      return undefined;
    } catch (error) {
      if (!(error instanceof SyscallError) || i === 0) throw error;
      rmdir(origin);
      return `it cannot be looked at (${error.code})`;
    }
  }

  /** Keep what became of a place, and what is mounted there. */
  #note(i: number, outcome: Outcome): void {
    const place = this.#places[i]!;
    if (outcome.kind === "mounted") {
      this.#mounts[i] = outcome.mount;
      if (outcome.unique) this.#places[i] = { ...place, unique: outcome.unique };
      return;
    }
    const why = outcome.kind === "homeless" ? this.#whyHomeless(place) : outcome.why;
    if (why === undefined) throw this.#moved(place);
    if (this.#hasChanges(i)) throw lostError(place, why);
    const shown = outcome.kind === "hidden" ? "nothing" : "absent";
    this.#places[i] = { ...place, kind: "refused", reason: why, shown };
    if (outcome.kind === "hidden") this.#mounts[i] = outcome.mount;
  }

  /** A place in a place that is not shown has no home; else a ball has taken it away. */
  #whyHomeless(place: Place): string | undefined {
    const outer = this.#places.find((other) =>
      other !== place && other.shown !== undefined && isBelow(other.path, place.path)
    );
    if (outer) return `it lies in "${outer.path}", which is not shown`;
    return this.#layers.length === 0 ? "its folder cannot be reached" : undefined;
  }

  /** Whether balls have changed something at a place. */
  #hasChanges(i: number): boolean {
    return this.#layers.some((layer) => !this.#isEmptyAt(layer, i));
  }

  #moved(place: Place): DiscoError {
    const layer = this.layers.at(-1);
    const ball = printable(layer?.ball ?? "");
    return new DiscoError(
      `Cannot apply ball "${ball}": it moved, removed or replaced "${printable(place.path)}", ` +
        "where a file system is mounted",
      { hint: "change what is in the file system, and leave the directories that lead to it" },
    );
  }

  #unmountTop(): void {
    unmount(this.mountpoint, true);
  }

  #forget(layer: Layer): void {
    removeTree(`${this.#scratch}/upper/${layer.number}`);
    removeTree(`${this.#scratch}/work/${layer.number}`);
  }

  #isEmpty(layer: Layer): boolean {
    return this.#places.every((_, i) => this.#isEmptyAt(layer, i));
  }

  #isEmptyAt(layer: Layer, i: number): boolean {
    // What is not on top is written no more.
    const isDone = layer.number !== this.#top?.number;
    const key = `${layer.number}/${i}`;
    const known = isDone ? this.#empty.get(key) : undefined;
    if (known !== undefined) return known;
    const upper = this.upper(layer, i);
    const isEmpty = !lstat(upper) || (!hasEntries(upper) && !this.isRootTouched(layer, i));
    if (isDone) this.#empty.set(key, isEmpty);
    return isEmpty;
  }
}

/** The identity of the mount that is seen at a path; undefined where there is none to be seen. */
function mountAt(tree: Tree, path: string): number | undefined {
  try {
    using spot = tree.spot(path);
    return spot.mount;
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function sameXattrs(a: Map<string, Uint8Array>, b: Map<string, Uint8Array>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => `${value}` === `${b.get(name)}`);
}

const WHY: Record<string, string> = {
  ENODEV: "this kernel has no overlayfs (modprobe overlay)",
  EPERM: "this needs root, and CAP_SYS_ADMIN in a container",
  EINVAL: "the kernel does not overlay this root; overlayfs stacks two deep only",
};

function lostError(place: Place, why: string): DiscoError {
  return new DiscoError(
    `Cannot go on: balls have changed something in "${printable(place.path)}", and ${why}`,
    { hint: "dance again when the file system is mounted for good" },
  );
}

function overlayError(place: Place, error: SyscallError): DiscoError {
  return new DiscoError(`Cannot mount the union of "${place.live}": ${messageOf(error)}`, {
    hint: WHY[error.code] ?? "see the kernel's log (dmesg)",
    cause: error,
  });
}
