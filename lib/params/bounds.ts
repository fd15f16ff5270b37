/**
 * How much parameters may be. They are read whole, and templates see all of them.
 *
 * @module
 */

/** Parameters and folders of one tree, and how deep they lie. */
export const MOST = { entries: 100_000, levels: 100 };
/** Bytes of one parameter. */
export const MOST_BYTES = 4 << 20;
/** Bytes of all parameters of one tree. */
export const MOST_IN_ALL = 64 << 20;
