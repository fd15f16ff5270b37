/**
 * The rounds of a check. Each is a dance that merges nothing and carries nothing out.
 *
 * @module
 */
import type { Change, NotSimulated } from "../result/mod.ts";
import { computeChanges } from "../changes/mod.ts";
import type { Context } from "../context/mod.ts";
import {
  applyBalls,
  chroot,
  Dance,
  deletionHint,
  deletionMessage,
  massDeletion,
  mount,
  othersOf,
  prepareTemplates,
  runChecks,
  secretsOf,
  unmount,
} from "../dance/mod.ts";
import { wantedEffects } from "../dance/reactions.ts";
import { refuseUnfit } from "../dance/waiting.ts";
import { deduplicate, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Plan } from "../plan/mod.ts";
import type { Refusal } from "./result.ts";
import { failure } from "../terminal/mod.ts";
import { type Snapshot, takeSnapshot } from "../union/mod.ts";

/** What all rounds have in common. */
export interface Rounds {
  readonly context: Context;
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
}

/** What a dry run would say. */
export async function predict(rounds: Rounds): Promise<Round> {
  const dance = begin(rounds, { noop: true });
  try {
    await enter(dance);
    return await applyAll(dance);
  } finally {
    await leave(dance);
  }
}

/** What a live run would do; then `again` is told how it went, and does the same on top of it. */
export async function perform(
  rounds: Rounds,
  again: (round: Round) => void,
): Promise<{ result: Round; again: Round | null }> {
  const dance = begin(rounds, { noop: false });
  try {
    await enter(dance);
    const result = await applyAll(dance);
    if (result.failure) return { result, again: null };
    again(result);
    return { result, again: await repeat(rounds, dance) };
  } finally {
    await leave(dance);
  }
}

async function repeat(rounds: Rounds, first: Dance): Promise<Round> {
  const since = takeSnapshot(first.mounted);
  const dance = begin(rounds, { noop: false });
  dance.entered = first.entered;
  dance.progress.chroot = first.progress.chroot;
  try {
    return await applyAll(dance, since);
  } finally {
    // The union is the first one's to take down.
    dance.entered = null;
    await leave(dance);
  }
}

function begin(rounds: Rounds, { noop }: { noop: boolean }): Dance {
  const { context, plan, interrupt, allowDeletions } = rounds;
  const options = { keepGoing: false, ...allowDeletions === undefined ? {} : { allowDeletions } };
  const dance = Dance.begin({ ...context, noop }, options, interrupt);
  dance.progress.plan = plan;
  return dance;
}

async function enter(dance: Dance): Promise<void> {
  await prepareTemplates(dance);
  dance.checkInterrupt();
  await mount(dance, { persist: false, merges: false });
  chroot(dance);
}

async function leave(dance: Dance): Promise<void> {
  await dance.eta?.close();
  unmount(dance);
}

async function applyAll(dance: Dance, since?: Snapshot): Promise<Round> {
  const { progress } = dance;
  await applyBalls(dance);
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
  };
}

/** The finished tree is tried as before a merge. */
async function failureOfChecks(
  dance: Dance,
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
function refusalOf(dance: Dance, changes: readonly Change[]): Refusal | null {
  const lost = changes.length > 0 ? massDeletion(dance, changes) : undefined;
  return lost ? { error: deletionMessage(lost), hint: deletionHint(lost) } : null;
}

async function changesOf(dance: Dance, since: Snapshot | undefined): Promise<Change[]> {
  // Whether a secret came out as predicted is only seen by who sees it.
  const { signal } = dance.interrupt;
  const options = { since, reveal: true, others: othersOf(dance), signal };
  return (await computeChanges(dance.mounted, secretsOf(dance), options)).changes;
}
