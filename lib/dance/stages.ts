/**
 * The stages of a dance in their order, each from what it takes to what it gives. The whole dance,
 * stages that run alone, the shell and the check go through this table.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { applyBalls } from "./balls.ts";
import { compare } from "./compare.ts";
import { Dance } from "./dance.ts";
import { carryOutEffects } from "./effects.ts";
import { fetch, plan } from "./fetch.ts";
import { list } from "./list.ts";
import { checkAndMerge } from "./merge.ts";
import { chroot, mount } from "./mount.ts";
import {
  Applied,
  Compared,
  Fetched,
  Finished,
  Listed,
  Merged,
  Mounted,
  Planned,
  Ready,
} from "./values.ts";

/** A class of values, to ask whether one is such. */
// deno-lint-ignore no-explicit-any
type Kind<Value extends Dance> = abstract new (...parts: any[]) => Value;

/** One stage. */
export interface Stage {
  /** The command that runs it alone. */
  readonly name: string;
  /** What is said where it has not run. */
  readonly missing: string;
  readonly takes: Kind<Dance>;
  readonly gives: Kind<Dance>;
  readonly run: (dance: Dance) => Dance | Promise<Dance>;
}

/** The stages, in their order. */
export const STAGES: readonly Stage[] = [
  stage("fetch", "nothing has been fetched", Dance, Fetched, fetch),
  stage("plan", "there is no plan", Fetched, Planned, plan),
  stage("fs-mount", "the union is not mounted", Planned, Mounted, mount),
  stage("fs-chroot", "the union has not been prepared as a root", Mounted, Ready, chroot),
  stage("exec-run", "the balls have not been applied", Ready, Applied, applyBalls),
  stage("fs-diff", "the changes are not known", Applied, Compared, compare),
  stage("fs-diff", "the effects are not known", Compared, Listed, list),
  stage("fs-merge", "nothing has been merged", Listed, Merged, checkAndMerge),
  stage("fs-merge", "no effect has been carried out", Merged, Finished, carryOutEffects),
];

/** Told of each value as soon as there is one: what fails later does not lose it. */
export type Seen = (dance: Dance) => void;

/** Go on with a dance until it has come to a value of a kind. */
export async function until<To extends Dance>(
  dance: Dance,
  to: Kind<To>,
  seen: Seen = () => {},
): Promise<To> {
  let now = dance;
  const done = STAGES.findLastIndex(({ gives }) => dance instanceof gives);
  for (const { run } of STAGES.slice(done + 1)) {
    if (now instanceof to) break;
    now = await run(now);
    seen(now);
  }
  return expect(now, to);
}

/** The dance as a value of a kind; an error that names the stage to run where it is not one yet. */
export function expect<To extends Dance>(dance: Dance, kind: Kind<To>): To {
  if (dance instanceof kind) return dance;
  const { missing, name } = STAGES.find(({ gives }) => !(dance instanceof gives))!;
  throw new DiscoError(`Cannot go on: ${missing}`, { hint: `run the stage ${name}`, code: 3 });
}

function stage<From extends Dance, To extends Dance>(
  name: string,
  missing: string,
  takes: Kind<From>,
  gives: Kind<To>,
  run: (dance: From) => To | Promise<To>,
): Stage {
  return { name, missing, takes, gives, run: (dance) => run(expect(dance, takes)) };
}
