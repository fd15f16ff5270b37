/**
 * The union: what the balls do, laid over the live root.
 *
 * @module
 */
export {
  closeUnion,
  createUnion,
  type EnteredUnion,
  openUnion,
  type UnionOptions,
} from "./session.ts";
export { aliasesOf } from "./aliases.ts";
export { isBelow, isRemote, livePlaces, OWN_PLACES, type Place } from "./places.ts";
export { overlayMarks } from "./overlay.ts";
export type { ScratchOptions } from "./scratch.ts";
export { type Snapshot, takeSnapshot } from "./snapshot.ts";
export type { Layer } from "./layers.ts";
export { Union, type UnionState } from "./union.ts";
export { readable, type Shown, type Sight, type View, writable } from "./view.ts";
