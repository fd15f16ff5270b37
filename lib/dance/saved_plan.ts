/**
 * A dance that saves what it predicts, and one that merges only what was predicted.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { machineView } from "../posix/mod.ts";
import {
  newSalt,
  planDifferences,
  planned,
  type SavedPlan,
  writeSavedPlan,
} from "../saved_plan/mod.ts";
import { info, printable, shortened, warning } from "../terminal/mod.ts";
import { contentHash } from "./content_hash.ts";
import type { Dance } from "./dance.ts";
import type { Listed } from "./values.ts";
import { allEffects } from "./effects.ts";
import { refusal } from "./guard_refusal.ts";
import { own } from "../text/own.ts";

/** What a dance has to do with saved plans. */
export interface SavedPlanOptions {
  /** The file that the outcome of a dry run is saved in. */
  readonly save?: string;
  /** The plan that the outcome must be the same as, and its file. */
  readonly approved?: { readonly file: string; readonly plan: SavedPlan };
}

/** Differences that a message names, and characters of each. */
const SHOWN = 5;
const LONGEST = 500;

/** Throw unless the outcome is the one of the plan that the dance was given. */
export async function requireApproved(dance: Listed): Promise<void> {
  const { approved } = dance.options;
  if (!approved) return;
  const { file, plan } = approved;
  const now = await outcomeOf(dance, plan.salt);
  const differences = [
    ...plan.node === dance.context.node ? [] : [`it is for node "${plan.node}"`],
    ...plan.root === dance.context.root ? [] : [`it is for root "${plan.root}"`],
    ...planDifferences(plan, now),
  ];
  if (differences.length === 0) return info(`the outcome is the one of the plan "${file}"`);
  const more = differences.length - SHOWN;
  const shown = differences.slice(0, SHOWN).map((one) => shortened(printable(one), LONGEST));
  throw refusal(
    dance,
    `the outcome is not the one of the plan "${printable(file)}" of ${plan.made}: ` +
      shown.join("; ") + (more > 0 ? `; and ${more} more` : ""),
    "look at it with --noop, and save a new plan",
  );
}

/** The plan that a dry run was asked to save; undefined where it was not. */
export async function planToSave(dance: Listed): Promise<SavedPlan | undefined> {
  const { context, id, options, progress } = dance;
  if (options.save === undefined) return undefined;
  requireKnown(dance);
  const salt = newSalt();
  const { node, root } = context;
  const made = new Date(dance.meter.began).toISOString();
  const outcome = await outcomeOf(dance, salt);
  if (progress.notSimulated.some(({ kind }) => kind === "network" || kind === "denied")) {
    warning("the plan is of a dry run that was refused something: see the report");
  }
  return { schema: 1, dance: id, node, root, made, salt, ...outcome };
}

/** Write a plan, once the dry run has ended well. */
export function savePlanned({ options }: Dance, plan: SavedPlan): void {
  writeSavedPlan(options.save!, plan);
  info(`saved the plan in "${printable(options.save!)}": merge it with --plan`);
}

/** Throw where the prediction does not say all of what a live run would come to. */
function requireKnown({ options, order, progress, difference }: Listed): void {
  const fail = (why: string): never => {
    throw new DiscoError(`Cannot save the plan "${printable(options.save!)}": ${why}`);
  };
  if (!machineView().hasOwners) fail("without root, owners are not known");
  const failed = order.filter((name) => own(progress.balls, name)?.status !== "ok");
  if (failed.length > 0) fail(`not applied, or failed: ${failed.join(", ")}`);
  const large = difference.changes.find(({ tooLarge }) => tooLarge);
  if (large) fail(`${printable(large.path)} is too large for a hash`);
}

async function outcomeOf(dance: Listed, salt: string) {
  const { context, order, difference } = dance;
  const balls: Record<string, string> = {};
  for (const name of order) balls[name] = await contentHash(dance.ball(name).dir);
  const parameters = await contentHash(`${context.roots.parameters}/${context.node}`);
  using live = new Tree(context.root);
  const { changes } = difference;
  const universe = { parameters, balls };
  return await planned({
    universe,
    changes,
    effects: allEffects(dance, dance.listing.wanted),
    live,
  }, salt);
}
