/**
 * Walls for the programs that DISCO itself runs on what a server or a ball sends: bubblewrap, an
 * account of their own, no capabilities, and nothing of the machine that they do not need.
 *
 * @module
 */
export { type Account, ACCOUNTS, isWalledByAccount } from "./account.ts";
export { signalOf, spawnWalled } from "./spawn.ts";
export type { Mount, Walls } from "./walls.ts";
