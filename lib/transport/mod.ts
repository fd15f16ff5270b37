/**
 * The transport: the only part that talks to a server.
 *
 * @module
 */
export { EMBEDDED } from "./embedded.ts";
export { type FetchResult, type FetchStep, fetchUniverse, type FetchWish } from "./fetch.ts";
export { type FetchProgress } from "./gauge.ts";
export { type Kind, type Layout } from "./address.ts";
export { parseServer, type Server } from "./server.ts";
export { splitWords } from "./words.ts";
