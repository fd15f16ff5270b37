/**
 * What reactions and checks have in common: lines that say what to run when a path changes.
 *
 * @module
 */
export { expand, type Expanded, matchesOf } from "./expand.ts";
export { type Ground, groundOf, hasProgram, noProgram, whyLeftOut } from "./ground.ts";
export { followed, globsOf } from "./followed.ts";
export { isShipped, type Kind, loadLines, placeOf, type Sources } from "./load.ts";
export { type ChangedPath, Matcher } from "./matcher.ts";
