/**
 * The union: an overlay of the live root whose writable top is a new layer for each ball.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import {
  copyAttributes,
  lstat,
  mkdir,
  readdir,
  readXattrs,
  removeTree,
  SyscallError,
  unmount,
} from "../posix/mod.ts";
import { Base } from "./base.ts";
import { mountOverlay, mountReadonly } from "./overlay.ts";
import type { Place } from "./places.ts";

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

  constructor(state: UnionState) {
    this.root = state.root;
    this.#scratch = state.scratch;
    this.#places = [...state.places];
    this.#layers = [...state.layers];
    this.#top = state.top;
    this.#next = state.next;
    this.#volatile = state.isVolatile;
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
    };
  }

  /** The folder in which the union is mounted. */
  get mountpoint(): string {
    return `${this.#scratch}/root`;
  }

  /** A folder of the scratchpad, for what is not part of the union. */
  folder(name: string, mode = 0o755): string {
    const path = `${this.#scratch}/${name}`;
    if (!lstat(path)) mkdir(path, mode);
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
    const [stat, before] = [lstat(upper)!, lstat(below)!];
    return stat.mode !== before.mode || stat.uid !== before.uid || stat.gid !== before.gid ||
      !sameXattrs(readXattrs(upper), readXattrs(below));
  }

  /** Let a ball begin: whatever is written from now on is in a layer of its own. */
  begin(ball: string): void {
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
  }

  /** Take the union down; the layers are gone with the scratchpad. */
  close(): void {
    this.#unmountTop();
    unmount(this.#scratch, true);
  }

  #mountTop(ball: string): void {
    this.#unmountTop();
    const top = { number: this.#next++, ball };
    for (const folder of ["upper", "work"]) mkdir(this.folder(folder) + `/${top.number}`);
    for (const folder of ["root", "empty"]) this.folder(folder);
    this.#places.forEach((place, i) => {
      if (place.kind === "union") this.#mountOverlay(place, i, top);
      else mountReadonly(this.#scratch, place, this.#at(place));
    });
    this.#top = top;
  }

  /** What the directory of a place is like without a layer and those after it. */
  #below(number: number, place: number): string {
    const before = this.#layers.findLast((layer) => layer.number < number);
    if (before) return this.upper(before, place);
    return this.base.at(place) ?? this.#places[place]!.live;
  }

  #mountOverlay(place: Place, i: number, top: Layer): void {
    const upper = this.upper(top, i);
    const work = `${this.#scratch}/work/${top.number}/${i}`;
    mkdir(upper);
    mkdir(work);
    const below = this.#below(top.number, i);
    copyAttributes(below, lstat(below)!, upper);
    const writable = {
      upper: `upper/${top.number}/${i}`,
      work: `work/${top.number}/${i}`,
      isVolatile: this.#volatile,
    };
    const live = place.isBare ? null : place.live;
    const parts = { lowers: this.lowersOf(i), live, top: writable };
    try {
      mountOverlay(this.#scratch, this.#at(place), place.flags, parts);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (i === 0) throw overlayError(place, error);
      this.#places[i] = {
        ...place,
        kind: "refused",
        reason: `its file system cannot be overlaid (${error.code})`,
      };
      mountReadonly(this.#scratch, this.#places[i]!, this.#at(place));
    }
  }

  #at(place: Place): string {
    return place.path === "/" ? this.mountpoint : this.mountpoint + place.path;
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
    const upper = this.upper(layer, i);
    return !lstat(upper) || (readdir(upper).length === 0 && !this.isRootTouched(layer, i));
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

function overlayError(place: Place, error: SyscallError): DiscoError {
  return new DiscoError(`Cannot mount the union of "${place.live}": ${messageOf(error)}`, {
    hint: WHY[error.code] ?? "see the kernel's log (dmesg)",
    cause: error,
  });
}
