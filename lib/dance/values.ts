/**
 * What the stages hand on: each value is the one before, and what its stage has found out.
 *
 *     Dance -> Fetched -> Planned -> Mounted -> Ready -> Applied -> Compared -> Listed -> Merged -> Finished
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import type { Difference } from "../changes/mod.ts";
import type { Due } from "../due/mod.ts";
import type { Effect, Policies } from "../effects/mod.ts";
import type { Observation, Transaction } from "../merge/mod.ts";
import type { Plan } from "../plan/mod.ts";
import type { EffectResult, Orphan } from "../result/mod.ts";
import type { Chroot } from "../sandbox/mod.ts";
import type { DeliveredRecord, Fetched as FetchedUniverse } from "../state/mod.ts";
import type { FetchResult } from "../transport/mod.ts";
import type { EnteredUnion } from "../union/mod.ts";
import { Dance } from "./dance.ts";
import type { PlannedBalls } from "./planned_balls.ts";

/** What the last fetch brought; what of it is new is known to the process that fetched. */
export type FetchedHere = FetchedUniverse & Partial<Pick<FetchResult, "changed">>;

/** Parameters and balls are here. */
export class Fetched extends Dance {
  constructor(dance: Dance, readonly fetched: FetchedHere) {
    super(dance);
  }
}

/** It is known what is danced, and in which order. */
export class Planned extends Fetched {
  constructor(dance: Fetched, readonly planned: PlannedBalls) {
    super(dance, dance.fetched);
  }

  /** The plan. */
  get plan(): Plan {
    return this.planned.plan;
  }

  /** The names of the balls, in the order of the plan. */
  get order(): string[] {
    return this.planned.order;
  }

  /** What becomes of the commands of each ball. */
  get policies(): Policies {
    return this.planned.policies;
  }

  /** A ball of the plan. */
  ball(name: string): Ball {
    return this.planned.ball(name);
  }
}

/** A union, and what the live root was like before it was mounted. */
export interface MountedUnion {
  readonly entered: EnteredUnion;
  /** Null where the union is not the live root's: nothing is known of others then. */
  readonly observed: Observation | null;
  /** Null where nothing is ever merged. */
  readonly transaction: Transaction | null;
}

/** The union is mounted, and this process is in its namespace. */
export class Mounted extends Planned {
  constructor(dance: Planned, readonly union: MountedUnion) {
    super(dance, dance.planned);
  }

  /** The union. */
  get mounted(): EnteredUnion["union"] {
    return this.union.entered.union;
  }
}

/** The union is a root in which commands can run. */
export class Ready extends Mounted {
  constructor(dance: Mounted, readonly chroot: Chroot) {
    super(dance, dance.union);
  }
}

/** Every ball that is to be applied has been, or has failed. */
export class Applied extends Ready {
  constructor(dance: Ready) {
    super(dance, dance.chroot);
  }
}

/** What the balls come to. */
export interface Comparison {
  readonly difference: Difference;
  readonly orphans: readonly Orphan[];
  /** What was delivered before; undefined where orphans are not looked for. */
  readonly record: DeliveredRecord | undefined;
  /** Where a part was chosen: balls of which nothing is merged; their post scripts do not run. */
  readonly leftOut: readonly string[] | null;
}

/** The union has been compared with the live root. */
export class Compared extends Applied {
  constructor(dance: Applied, readonly comparison: Comparison) {
    super(dance);
  }

  /** What differs. */
  get difference(): Difference {
    return this.comparison.difference;
  }

  /** The same, but for what is given. */
  with(part: Partial<Comparison>): Compared {
    return new Compared(this, { ...this.comparison, ...part });
  }
}

/** What follows from the changes. */
export interface Listing {
  /** The effects and reactions that the changes call for. */
  readonly wanted: readonly Effect[];
  /** What becomes of them, and of post scripts. */
  readonly results: readonly EffectResult[];
}

/** It is known what would be merged, and what would be carried out. */
export class Listed extends Compared {
  constructor(dance: Compared, readonly listing: Listing) {
    super(dance, dance.comparison);
  }

  /** What has become of the effects so far. */
  get results(): readonly EffectResult[] {
    return this.listing.results;
  }
}

/** What a merge has left. */
export interface Outcome {
  /** Null where there was nothing to merge, and in a dry run. */
  readonly generation: string | null;
  /** What is due, as the journal has it. */
  readonly due: Due | null;
}

/** The changes are on the live root, or a dry run has shown that they could be. */
export class Merged extends Listed {
  constructor(dance: Listed, readonly outcome: Outcome) {
    super(dance, dance.listing);
  }

  /** The generation that the merge left. */
  get generation(): string | null {
    return this.outcome.generation;
  }
}

/** The effects have been carried out, or put down as owed. */
export class Finished extends Merged {
  constructor(dance: Merged, private readonly carriedOut: readonly EffectResult[]) {
    super(dance, dance.outcome);
  }

  override get results(): readonly EffectResult[] {
    return this.carriedOut;
  }

  /** Whether all effects of this dance went well. */
  get isWell(): boolean {
    return this.carriedOut.every(({ status }) => status !== "failed");
  }
}

/** The generation that a dance has left so far. */
export function generationOf(dance: Dance): string | null {
  return dance instanceof Merged ? dance.generation : null;
}
