/**
 * What dpkg's database says of changed paths.
 *
 * @module
 */
export { packagesOf } from "./brought.ts";
export { type PackagesGone, packagesGone } from "./gone.ts";
