/**
 * Balls: the modules of a universe.
 *
 * @module
 */
export { type Ball, readBall } from "./ball.ts";
export { BallFolder, MOST } from "./folder.ts";
export { matchesGlob } from "./glob.ts";
export { inspectBall } from "./inspect.ts";
export type { Finding } from "./finding.ts";
export { lintBall } from "./lint.ts";
export { parseBallName } from "./name.ts";
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
