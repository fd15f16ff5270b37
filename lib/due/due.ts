/**
 * What a dance leaves to be done: written down before the commit, and ticked off as it is done.
 *
 * @module
 */
import type { Effect } from "../effects/mod.ts";
import type { UnitState } from "../init/mod.ts";
import type { DeliveredBall } from "../state/mod.ts";

/** What is due once a merge is committed. All of it is plain JSON. */
export interface Due {
  /** Effects and post scripts, in the order in which they are carried out. */
  readonly effects: readonly DueEffect[];
  /** When the merge is undone unless it is confirmed before: ISO 8601 in UTC. */
  readonly confirm: string | null;
  /** What the merge makes of the record of delivered files; null if it says nothing about it. */
  readonly delivered: DeliveredStep | null;
  /** Units that an effect or a changed unit file names, as they were before. */
  readonly units: readonly UnitState[];
  /** Content hashes of the balls that had a part in a merge that wants to be confirmed. */
  readonly balls: Readonly<Record<string, string>>;
}

/** An effect, with the script's own content for one that is a file of a ball. */
export interface DueEffect {
  readonly effect: Effect;
  /**
   * The content of a post script, in base64: the fetched ball may be another one by the time that it
   * runs. Missing where it is too large to be kept.
   */
  readonly content?: string;
}

/**
 * What a merge changes in the record of delivered files: the balls whose entries change, each with the
 * paths that do; null where there is no entry. (Journals of old versions have all paths, and all balls
 * in `after`: those of `before` count.)
 */
export interface DeliveredStep {
  readonly before: Readonly<Record<string, DeliveredBall | null>>;
  readonly after: Readonly<Record<string, DeliveredBall | null>>;
}

/** Nothing is due. */
export const NOTHING_DUE: Due = {
  effects: [],
  confirm: null,
  delivered: null,
  units: [],
  balls: {},
};
