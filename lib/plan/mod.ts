/**
 * Plans: the order in which the balls of a dance are applied.
 *
 * @module
 */
export { type Listing, planFetched } from "./fetched.ts";
export { MAX_BALLS } from "./collect.ts";
export { makePlan } from "./make.ts";
export type { Plan, PlanEdge, PlannedBall } from "./plan.ts";
export { planDot, planLines } from "./show.ts";
export { loadPlan, savePlan } from "./store.ts";
