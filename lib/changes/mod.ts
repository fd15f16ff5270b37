/**
 * Changes: what differs between the live root and the union, and how it is shown.
 *
 * @module
 */
export { computeChanges, type Difference, type IsSecret } from "./compute.ts";
export { describeChange, diffColour, formatChange, itemise } from "./format.ts";
export { parseMtime } from "./mtime.ts";
export { NEVER, type Since } from "./since.ts";
