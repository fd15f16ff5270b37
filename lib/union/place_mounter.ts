/**
 * Mounts the places of a union, or of a picture of one, where they belong.
 *
 * @module
 */
import { isMissing, Spot, Tree } from "../door/mod.ts";
import { MS, O, open, SyscallError } from "../posix/mod.ts";
import { answers } from "./answers.ts";
import { bindReadonly, mountNothing, mountOverlay, mountReadonly } from "./overlay.ts";
import type { OverlayParts } from "./options.ts";
import { isRemote, type Place } from "./places.ts";

/** What is mounted at a place; `null` for what is shown as it is. */
export type Recipe = Omit<OverlayParts, "live"> | null;

/** What came of it. */
export type Outcome =
  | { readonly kind: "mounted"; readonly mount: number; readonly unique?: string }
  /** The live folder cannot be shown; an empty one stands there. */
  | { readonly kind: "hidden"; readonly mount: number; readonly why: string }
  /** The live folder is not what the mount table said any more. */
  | { readonly kind: "gone"; readonly why: string }
  /** The live folder is there, and no folder to mount it on. */
  | { readonly kind: "homeless" };

const UNMOUNTED = "it was unmounted meanwhile";

/** Mounts places below a folder of DISCO's own, parents first. */
export class PlaceMounter implements Disposable {
  readonly #scratch: string;
  readonly #folder: string;
  readonly #live: Tree;
  #target: Tree | undefined;

  constructor(scratch: string, root: string, folder: string) {
    this.#scratch = scratch;
    this.#folder = folder;
    this.#live = new Tree(root);
  }

  [Symbol.dispose](): void {
    this.#live[Symbol.dispose]();
    this.#target?.[Symbol.dispose]();
  }

  /** The live folder of a place, or why there is none. */
  source(place: Place): Spot | string {
    try {
      const spot = this.#live.spot(place.path);
      if (isSame(place, spot)) return spot;
      spot[Symbol.dispose]();
      return UNMOUNTED;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return isMissing(error) ? UNMOUNTED : `it cannot be opened (${error.code})`;
    }
  }

  /** Mount a place. Throws a {@linkcode SyscallError} if an overlay of it is refused. */
  mount(place: Place, recipe: Recipe): Outcome {
    if (place.path === "/") return this.#mountRoot(place, recipe);
    const isSilent = place.shown === "nothing" && isRemote(place.type);
    const source = isSilent ? place.reason : this.source(place);
    try {
      return this.#mountAt(place, source, recipe);
    } finally {
      if (typeof source !== "string") source[Symbol.dispose]();
    }
  }

  #mountRoot(place: Place, recipe: Recipe): Outcome {
    using at = new Spot(open(this.#folder, O.PATH | O.DIRECTORY), this.#folder, true);
    using live = new Spot(open(`/proc/thread-self/fd/${this.#live.fd}`, O.PATH), "/", true);
    this.#mountWith(place, live, at, recipe);
    this.#target = new Tree(this.#folder);
    return this.#found(place.path);
  }

  #mountAt(place: Place, source: Spot | string, recipe: Recipe): Outcome {
    if (source === UNMOUNTED) return { kind: "gone", why: source };
    using at = this.#home(place.path);
    if (!at || (typeof source !== "string" && source.isDirectory !== at.isDirectory)) {
      return { kind: "homeless" };
    }
    const why = typeof source === "string"
      ? source
      : place.shown === "nothing"
      ? place.reason
      : this.#mountWith(place, source, at, recipe);
    if (why === undefined) {
      const { unique } = source as Spot;
      return { kind: "mounted", mount: this.#found(place.path).mount, unique };
    }
    mountNothing(this.#scratch, at);
    return { ...this.#found(place.path), kind: "hidden", why };
  }

  /** Mount what is there; why it cannot be shown, if it cannot. */
  #mountWith(place: Place, live: Spot, at: Spot, recipe: Recipe): string | undefined {
    if (recipe && place.isBare && !recipe.top && recipe.lowers.length === 1) {
      // overlayfs does not lay a single folder over nothing.
      this.#bindLayer(recipe.lowers[0]!, at, place.flags);
      return undefined;
    }
    if (recipe) {
      const parts = { ...recipe, live: place.isBare ? null : live.link };
      const flags = place.flags | (recipe.top ? 0 : MS.RDONLY);
      mountOverlay(this.#scratch, at, flags, parts);
      return undefined;
    }
    if (isRemote(place.type) && !answers(live)) return `${place.type} does not answer`;
    return mountReadonly(this.#scratch, place, live, at);
  }

  #bindLayer(layer: string, at: Spot, flags: number): void {
    const path = `${this.#scratch}/${layer}`;
    using spot = new Spot(open(path, O.PATH | O.DIRECTORY), path, true);
    bindReadonly(spot, at, flags);
  }

  #home(path: string): Spot | undefined {
    try {
      return this.#target!.spot(path);
    } catch (error) {
      if (error instanceof SyscallError) return undefined;
      throw error;
    }
  }

  /** What was mounted is found by the same way as later. */
  #found(path: string): Outcome & { mount: number } {
    this.#target!.forget();
    using spot = this.#target!.spot(path);
    return { kind: "mounted", mount: spot.mount };
  }
}

function isSame(place: Place, { mount, unique }: Spot): boolean {
  return (place.mount === null || place.mount === mount) &&
    (place.unique === undefined || place.unique === unique);
}
