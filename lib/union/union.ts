/**
 * The union: an overlay of the live root whose writable top is a new layer for each ball.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { type DiscoError, messageOf } from "../error/mod.ts";
import { copyAttributes, lstat, mkdir, SyscallError, unmount } from "../posix/mod.ts";
import { Base } from "./base.ts";
import { type Layer, Layers, type LayersState } from "./layers.ts";
import { keepOrigin, mountAt } from "./origin.ts";
import { type Outcome, PlaceMounter } from "./place_mounter.ts";
import { isBelow, type Place } from "./places.ts";
import { lostError, movedError, overlayError } from "./trouble.ts";
import { View } from "./view.ts";

/** Everything that another process needs to go on with a union. */
export interface UnionState extends LayersState {
  readonly scratch: string;
  readonly root: string;
  readonly places: readonly Place[];
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
  readonly #layers: Layers;
  /** Layers up to this one are kept whatever happens. */
  #settled = 0;
  #volatile: boolean;
  #mounts: Record<number, number>;
  readonly #folders = new Set<string>();
  readonly #view: View;

  constructor(state: UnionState) {
    this.root = state.root;
    this.#scratch = state.scratch;
    this.#places = [...state.places];
    this.#volatile = state.isVolatile;
    this.#mounts = { ...state.mounts };
    this.base = new Base(state.root, `${state.scratch}/base`, this.#places);
    this.#layers = new Layers(state.scratch, this.base, state);
    this.#view = new View(state.scratch);
  }

  /** What to write down so that another process can go on. */
  get state(): UnionState {
    return {
      scratch: this.#scratch,
      root: this.root,
      places: this.#places,
      ...this.#layers.state,
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
    // It stays, or the code that removes it makes a new one.
    if (!this.#folders.has(name) && !lstat(path)) mkdir(path, mode);
    this.#folders.add(name);
    return path;
  }

  /** What programs in the sandbox see of the union. */
  get view(): View {
    this.folder("view");
    return this.#view;
  }

  /** The mounts of the live root, and what became of them. */
  get places(): readonly Place[] {
    return this.#places;
  }

  /** The layers so far, the one that is being written last. */
  get layers(): readonly Layer[] {
    return this.#layers.all;
  }

  /**
   * The number of the layer on top while nothing has been written to it: as long as it is the same,
   * so is what is in the union.
   */
  get untouched(): number | undefined {
    const { top } = this.#layers;
    return top && this.#isEmpty(top) ? top.number : undefined;
  }

  /** The folder in which a layer keeps what was changed at a place. */
  upper(layer: Layer, place: number): string {
    return this.#layers.upper(layer, place);
  }

  /** The layers that are written no more at a place, uppermost first; relative to the scratchpad. */
  lowersOf(place: number): string[] {
    return this.#layers.lowersOf(place);
  }

  /** Whether a layer gives the directory of the place itself other attributes than it had before. */
  isRootTouched(layer: Layer, place: number): boolean {
    return this.#layers.isRootTouched(layer, place);
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
    const { top } = this.#layers;
    if (top) this.requirePlaces();
    if (top && this.#isEmpty(top)) return void (this.#layers.top = { ...top, ball });
    this.#layers.finishTop();
    this.#mountTop(ball);
  }

  /** Keep what the ball has changed so far, and go on in a new layer of the same ball. */
  seal(): void {
    const { top } = this.#layers;
    if (top) this.begin(top.ball);
  }

  /** Throw away what was changed since `begin` or `seal`. */
  drop(): void {
    const { top } = this.#layers;
    if (!top || this.#isEmpty(top)) return;
    this.#unmountTop();
    this.#layers.forget(top);
    this.#mountTop(top.ball);
  }

  /** Keep for good what was changed so far; returns the number of the last layer that is kept. */
  settle(): number {
    this.begin("");
    return this.#settled = this.#layers.top!.number - 1;
  }

  /** Throw away everything that a ball has changed; nothing of a later ball may be there yet. */
  dropBall(ball: string): void {
    this.#unmountTop();
    this.#layers.dropWhere((layer) => layer.ball === ball && layer.number > this.#settled);
    this.#mountTop("");
  }

  /** Mount anew, after the base layer has been filled; nothing may have been written yet. */
  remount(): void {
    const { top } = this.#layers;
    this.#unmountTop();
    if (top) this.#layers.forget(top);
    this.#mountTop(top?.ball ?? "");
    this.base.release();
  }

  /** Take the union down; the layers are gone with the scratchpad. */
  close(): void {
    this.base.release();
    this.#unmountTop();
    this.#view.close();
    unmount(this.#scratch, true);
  }

  #mountTop(ball: string): void {
    this.#unmountTop();
    const top = this.#layers.make(ball);
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
    this.#layers.top = top;
  }

  #mountOverlay(mounter: PlaceMounter, place: Place, i: number, top: Layer): Outcome {
    const why = keepOrigin(mounter, place, this.#layers.origin(i), i === 0);
    if (why !== undefined) {
      this.#places[i] = { ...place, kind: "refused", reason: why, shown: "nothing" };
      return mounter.mount(this.#places[i]!, null);
    }
    const [upper, work] = [`upper/${top.number}/${i}`, `work/${top.number}/${i}`];
    for (const path of [upper, work]) mkdir(`${this.#scratch}/${path}`);
    const below = this.#layers.below(top.number, i);
    const seen = lstat(below);
    if (seen) copyAttributes(below, seen, `${this.#scratch}/${upper}`);
    const recipe = { lowers: this.lowersOf(i), top: { upper, work, isVolatile: this.#volatile } };
    try {
      return mounter.mount(place, recipe);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (i === 0) throw overlayError(place, error);
      if (this.#layers.hasChanges(i)) throw lostError(place, messageOf(error));
      const reason = `its file system cannot be overlaid (${error.code})`;
      this.#places[i] = { ...place, kind: "refused", reason };
      return mounter.mount(this.#places[i]!, null);
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
    if (this.#layers.hasChanges(i)) throw lostError(place, why);
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
    return this.#layers.doneCount === 0 ? "its folder cannot be reached" : undefined;
  }

  #moved(place: Place): DiscoError {
    return movedError(place, this.layers.at(-1)?.ball ?? "");
  }

  #unmountTop(): void {
    this.#view.clear();
    unmount(this.mountpoint, true);
  }

  #isEmpty(layer: Layer): boolean {
    return this.#places.every((_, i) => this.#layers.isEmptyAt(layer, i));
  }
}
