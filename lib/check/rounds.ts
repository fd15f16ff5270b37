/**
 * The rounds of a check. Each is a dance that merges nothing and carries nothing out.
 *
 * @module
 */
import type { Change, NotSimulated } from "../result/mod.ts";
import { computeChanges, type Since } from "../changes/mod.ts";
import type { Context } from "../context/mod.ts";
import {
  Applied,
  closeTemplates,
  Dance,
  deletionHint,
  deletionMessage,
  Fetched,
  massDeletion,
  Mounted,
  othersOf,
  Planned,
  PlannedBalls,
  prepareTemplates,
  Ready,
  runChecks,
  secretsOf,
  unmount,
  until,
  WAYS,
} from "../dance/mod.ts";
import { wantedEffects } from "../dance/reactions.ts";
import { refuseUnfit } from "../dance/waiting.ts";
import { deduplicate, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Plan } from "../plan/mod.ts";
import type { Fetched as FetchedUniverse } from "../state/mod.ts";
import type { Refusal } from "./result.ts";
import { failure } from "../terminal/mod.ts";
import { type Snapshot, takeSnapshot } from "../union/mod.ts";

/** What all rounds have in common. */
export interface Rounds {
  readonly context: Context;
  readonly fetched: FetchedUniverse;
  readonly plan: Plan;
  readonly interrupt: AbortController;
  /** How much may be deleted, if that was said. */
  readonly allowDeletions?: number | undefined;
}

/** What came of a round. */
export interface Round {
  /** The ball that failed; nothing else is known of the round then. */
  readonly failure: { ball: string; error: string } | null;
  /** With the content of secrets, marked as such: for comparison, not to be shown. */
  readonly changes: Change[];
  readonly effects: Effect[];
  /** Why a merge of this would be refused, and what to do. */
  readonly refusal: Refusal | null;
  readonly notSimulated: NotSimulated[];
  /** What is known of others who work on the live root. */
  readonly others: Since;
}

/** What a dry run would say. */
export function predict(rounds: Rounds): Promise<Round> {
  return inUnion(begin(rounds, { noop: true }), (dance) => applyAll(dance));
}

/** What a live run would do; then `again` is told how it went, and does the same on top of it. */
export function perform(
  rounds: Rounds,
  again: (round: Round) => void,
): Promise<{ result: Round; again: Round | null }> {
  return inUnion(begin(rounds, { noop: false }), async (dance) => {
    const result = await applyAll(dance);
    if (result.failure) return { result, again: null };
    again(result);
    return { result, again: await repeat(rounds, dance) };
  });
}

/** The union is the first one's to take down. */
async function repeat(rounds: Rounds, first: Ready): Promise<Round> {
  const since = takeSnapshot(first.mounted);
  const { entered } = first.union;
  const planned = begin(rounds, { noop: false });
  const mounted = new Mounted(planned, { entered, observed: null, transaction: null });
  try {
    return await applyAll(new Ready(mounted, first.chroot), since);
  } finally {
    await closeTemplates(planned);
  }
}

function begin(rounds: Rounds, { noop }: { noop: boolean }): Planned {
  const { fetched, plan, interrupt, allowDeletions } = rounds;
  const context = { ...rounds.context, noop };
  const options = { keepGoing: false, ...allowDeletions === undefined ? {} : { allowDeletions } };
  const dance = Dance.begin(context, options, { interrupt, way: WAYS.check });
  return new Planned(new Fetched(dance, fetched), new PlannedBalls(context, plan));
}

/** Do something in a union of the dance's own, which is taken down at the end. */
async function inUnion<T>(planned: Planned, use: (dance: Ready) => Promise<T>): Promise<T> {
  let reached: Dance = planned;
  try {
    await prepareTemplates(planned);
    planned.checkInterrupt();
    return await use(await until(planned, Ready, (dance) => reached = dance));
  } finally {
    await closeTemplates(planned);
    if (reached instanceof Mounted) unmount(reached);
  }
}

async function applyAll(dance: Ready, since?: Snapshot): Promise<Round> {
  const { progress } = dance;
  await until(dance, Applied);
  dance.checkInterrupt();
  const failed = Object.entries(progress.balls).find(([, { status }]) => status === "failed");
  const failure = failed ? { ball: failed[0], error: failed[1].error! } : null;
  const changes = failure ? [] : await changesOf(dance, since);
  const effects = failure ? [] : wantedEffects(dance, changes).effects;
  refuseUnfit(dance, effects, changes);
  const refused = failure ?? (since ? null : await failureOfChecks(dance, changes));
  return {
    failure: refused,
    changes,
    refusal: failure || since ? null : refusalOf(dance, changes),
    effects: deduplicate(effects),
    notSimulated: progress.notSimulated,
    others: othersOf(dance),
  };
}

/** The finished tree is tried as before a merge. */
async function failureOfChecks(
  dance: Ready,
  changes: readonly Change[],
): Promise<Round["failure"]> {
  try {
    await runChecks(dance, changes);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof DiscoError)) throw thrown;
    dance.checkInterrupt();
    failure(thrown);
    const failed = dance.progress.checks.find(({ status }) => status === "failed");
    return { ball: failed?.ball ?? "", error: thrown.message };
  }
}

/** Orphans are not looked for in a check: what only they would lose is not seen. */
function refusalOf(dance: Ready, changes: readonly Change[]): Refusal | null {
  const lost = changes.length > 0 ? massDeletion(dance, changes) : undefined;
  return lost ? { error: deletionMessage(lost), hint: deletionHint(lost) } : null;
}

async function changesOf(dance: Ready, since: Snapshot | undefined): Promise<Change[]> {
  // Whether a secret came out as predicted is only seen by who sees it.
  const { signal } = dance.interrupt;
  const options = { since, reveal: true, others: othersOf(dance), signal };
  return (await computeChanges(dance.mounted, secretsOf(dance), options)).changes;
}
