/**
 * Orphans: what balls delivered once and deliver no more.
 *
 * @module
 */
export { type Delivery, findOrphans } from "./find.ts";
export { orphansLine } from "./line.ts";
export { type DeliveredBall, type DeliveredRecord, loadRecord, saveRecord } from "./record.ts";
export { removable, removeEmpty, removeFrom } from "./remove.ts";
export { foldersAbove, updateRecord } from "./update.ts";
