/**
 * Reactions: commands that a change of a path sets off. They are effects like those of scripts.
 *
 * @module
 */
export { isReaction, reactedTo, reactionsTo } from "./react.ts";
export { SHIPPED_REACTIONS } from "./shipped.ts";
