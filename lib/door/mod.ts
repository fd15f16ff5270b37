/**
 * The door to trees that are not DISCO's own: the union, a layer, the live root, a user's directory,
 * what a server sent. All work there goes through a {@linkcode Tree}: it holds a descriptor of
 * the tree's root, the kernel resolves names below it without following a link (openat2(2)), and what
 * is changed is the inode that was looked at.
 *
 * @module
 */
export { type Chosen, chosenFile, followToWrite } from "./chosen.ts";
export * from "./follow.ts";
export { ChangedError, Inode, named, sameInode } from "./inode.ts";
export { Spot } from "./spot.ts";
export { isMissing, isPrivate } from "./look.ts";
export { Tree } from "./tree.ts";
export { type Bounds, TooMuchError, walk, type Walked } from "./walk.ts";
