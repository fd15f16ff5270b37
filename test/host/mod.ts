/**
 * The throw-away host that DISCO's tests configure in the machine's stead.
 *
 * @module
 */
export { describeOnHost, whyNoHost } from "./available.ts";
export type { Entry } from "./entry.ts";
export type { ImageType, RootType } from "./holder.ts";
export { type HostOptions, type ThrowawayHost, throwawayHost } from "./host.ts";
export type { ExecOptions, Outcome, Running } from "./process.ts";
export type { HostProcess } from "./state.ts";
export { compareTrees, type Tree } from "./tree.ts";
export { FUSE, type FuseOptions, mountFuse } from "./mounts.ts";
export { AS_USER, newScene, Scene } from "./scene.ts";
