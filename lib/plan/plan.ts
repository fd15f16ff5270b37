/**
 * The plan of a dance: which balls, in which order, and why.
 *
 * @module
 */
import type { Reason } from "../state/mod.ts";

/** A ball of the dance. */
export interface PlannedBall {
  readonly name: string;
  /** The node first, then groups, then the balls that require it, each sorted by name. */
  readonly reasons: Reason[];
}

/** One line of a `requires`: `before` is applied before `after`. */
export interface PlanEdge {
  readonly before: string;
  readonly after: string;
  /** The ball that says so, its file and the line, counted from 1. */
  readonly by: string;
  readonly file: string;
  readonly line: number;
}

/** What is applied, first ball first. */
export interface Plan {
  readonly node: string;
  readonly order: PlannedBall[];
  /** Everything that the order follows from; sorted by `before`, `after`, `by`, `line`. */
  readonly edges: PlanEdge[];
}
