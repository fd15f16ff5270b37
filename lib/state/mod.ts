/**
 * DISCO's own folders, and what is in them.
 *
 * @module
 */
export { currentDance, removeCurrentDance, runFolder, setCurrentDance } from "./current.ts";
export {
  type Delivered,
  type DeliveredBall,
  type DeliveredRecord,
  fingerprint,
  isAsDelivered,
  loadFormerRecord,
  loadRecord,
  mendRecord,
  saveRecord,
} from "./delivered.ts";
export {
  type Fetched,
  isListed,
  type Listed,
  loadFetched,
  readFetched,
  type Reason,
  saveFetched,
} from "./fetched.ts";
export { generationFolders, journalPath } from "./generations.ts";
export { type History, type HistoryEntry, type HistoryGeneration, readHistory } from "./history.ts";
export { latestDance, listDances, loadResult, pruneDances, saveResult } from "./kept_dances.ts";
export { Lock } from "./lock.ts";
export { realRoot, realRoots } from "./own_folders.ts";
export { type Roots, rootsFor, userRoots, type WithRoots } from "./roots.ts";
