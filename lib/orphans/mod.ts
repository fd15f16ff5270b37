/**
 * Orphans: what balls delivered once and deliver no more.
 *
 * @module
 */
export { type Delivery, findOrphans } from "./find.ts";
export { orphansLine } from "./line.ts";
export { removable, removeEmpty, removeFrom } from "./remove.ts";
export { foldersAbove, updateRecord } from "./update.ts";
