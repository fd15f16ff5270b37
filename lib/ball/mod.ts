/**
 * Balls: the modules of a universe.
 *
 * @module
 */
export { type Ball, readBall } from "./ball.ts";
export { BallFolder, MOST } from "./folder.ts";
export { escapeGlob, isGlob, matchesGlob, MatchingWork, reachesBelow } from "./glob.ts";
export { inspectBall } from "./inspect.ts";
export { interpreterName, isShell } from "./interpreter.ts";
export { isLeftover } from "./leftover.ts";
export { parseBallName } from "./name.ts";
export { type OnChange, parseOnChange, PLACEHOLDERS, PLACES } from "./on_change.ts";
export {
  coversPath,
  parsePermissions,
  type Permission,
  permissionFor,
  type PermissionRule,
  type Permissions,
} from "./permissions.ts";
export { parseRequires, type Requirement } from "./requires.ts";
export { initBall } from "./skeleton.ts";
