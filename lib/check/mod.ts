/**
 * The check of a ball: whether a dry run of it tells the truth, and whether it has nothing left to
 * do when it runs again.
 *
 * @module
 */
export { checkBall } from "./check.ts";
export type { CheckResult, EffectSurprise, RoundFailure, RoundName, Surprise } from "./result.ts";
export { type Subject, subjectOf } from "./subject.ts";
export { checkLines, type Line } from "./text.ts";
