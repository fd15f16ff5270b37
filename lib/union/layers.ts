/**
 * The layers of a union: which there are, and what is in them.
 *
 * @module
 */
import { hasEntries, lstat, readXattrs, removeTree } from "../posix/mod.ts";
import type { Base } from "./base.ts";

/** What one ball changed, or a part of it, in the order of the dance. */
export interface Layer {
  readonly number: number;
  readonly ball: string;
}

/** What another process needs to go on with the layers. */
export interface LayersState {
  readonly layers: readonly Layer[];
  readonly top: Layer | null;
  readonly next: number;
}

/** Layers on a scratchpad, above a base. Places are known by their index. */
export class Layers {
  /** The one that is being written. */
  top: Layer | null;
  #done: Layer[];
  #next: number;
  readonly #scratch: string;
  readonly #base: Base;
  /** Whether a layer that is done is empty at a place. */
  readonly #empty = new Map<string, boolean>();

  constructor(scratch: string, base: Base, { layers, top, next }: LayersState) {
    this.#scratch = scratch;
    this.#base = base;
    this.#done = [...layers];
    this.top = top;
    this.#next = next;
  }

  /** What to write down so that another process can go on. */
  get state(): LayersState {
    return { layers: this.#done, top: this.top, next: this.#next };
  }

  /** All of them, the one that is being written last. */
  get all(): readonly Layer[] {
    return this.top ? [...this.#done, this.top] : this.#done;
  }

  /** How many are written no more. */
  get doneCount(): number {
    return this.#done.length;
  }

  /** A new one of a ball; it is written when it is made the top. */
  make(ball: string): Layer {
    return { number: this.#next++, ball };
  }

  /** Write no more to the top. */
  finishTop(): void {
    if (this.top) this.#done.push(this.top);
    this.top = null;
  }

  /** Write no more to the top, and throw away those that fit, with their folders. */
  dropWhere(isDropped: (layer: Layer) => boolean): void {
    const all = this.all;
    this.#done = all.filter((layer) => !isDropped(layer));
    this.top = null;
    all.filter(isDropped).forEach((layer) => this.forget(layer));
  }

  /** Remove what a layer keeps. */
  forget(layer: Layer): void {
    removeTree(`${this.#scratch}/upper/${layer.number}`);
    removeTree(`${this.#scratch}/work/${layer.number}`);
  }

  /** The folder in which a layer keeps what was changed at a place. */
  upper(layer: Layer, place: number): string {
    return `${this.#scratch}/upper/${layer.number}/${place}`;
  }

  /** The folders that are written no more at a place, uppermost first; relative to the scratchpad. */
  lowersOf(place: number): string[] {
    const lowers = this.#done.filter((layer) => !this.isEmptyAt(layer, place)).reverse();
    return [
      ...lowers.map((layer) => `upper/${layer.number}/${place}`),
      ...this.#base.lowersOf(place),
    ];
  }

  /** What the directory of a place is like without a layer and those after it. */
  below(number: number, place: number): string {
    const before = this.#done.findLast((layer) => layer.number < number);
    return before ? this.upper(before, place) : this.origin(place);
  }

  /** A folder with the attributes that the directory of a place had at first. */
  origin(place: number): string {
    return this.#base.at(place) ?? `${this.#scratch}/origin/${place}`;
  }

  /** Whether a layer gives the directory of the place itself other attributes than it had before. */
  isRootTouched(layer: Layer, place: number): boolean {
    const [upper, below] = [this.upper(layer, place), this.below(layer.number, place)];
    const [stat, before] = [lstat(upper), lstat(below)];
    // A place that was unmounted before it could be looked at has nothing to compare.
    if (!stat || !before) return false;
    return stat.mode !== before.mode || stat.uid !== before.uid || stat.gid !== before.gid ||
      !sameXattrs(readXattrs(upper), readXattrs(below));
  }

  /** Whether balls have changed something at a place, in layers that are done. */
  hasChanges(place: number): boolean {
    return this.#done.some((layer) => !this.isEmptyAt(layer, place));
  }

  /** Whether a layer has changed nothing at a place. */
  isEmptyAt(layer: Layer, place: number): boolean {
    // What is not on top is written no more.
    const isDone = layer.number !== this.top?.number;
    const key = `${layer.number}/${place}`;
    const known = isDone ? this.#empty.get(key) : undefined;
    if (known !== undefined) return known;
    const upper = this.upper(layer, place);
    const isEmpty = !lstat(upper) || (!hasEntries(upper) && !this.isRootTouched(layer, place));
    if (isDone) this.#empty.set(key, isEmpty);
    return isEmpty;
  }
}

function sameXattrs(a: Map<string, Uint8Array>, b: Map<string, Uint8Array>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => `${value}` === `${b.get(name)}`);
}
