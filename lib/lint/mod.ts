/**
 * What an author should know about a ball before it dances.
 *
 * @module
 */
export type { Finding } from "./finding.ts";
export { lintBall } from "./lint.ts";
export { isRestart } from "./restart.ts";
export { ADVICE as RESTART_ADVICE } from "./restarts.ts";
