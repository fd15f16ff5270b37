/**
 * Where an outcome is not the one of a saved plan.
 *
 * @module
 */
import { commandLine } from "../effects/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import type { PlannedChange, PlannedEffect, PlannedEntry, SavedPlan } from "./saved_plan.ts";
import { own } from "../text/own.ts";

/** What is compared. */
export type Compared = Pick<SavedPlan, "universe" | "changes" | "effects">;

/** The differences in words: those of the universe first, then of base and outcome, then effects. */
export function planDifferences(plan: Compared, now: Compared): string[] {
  return [
    ...universeDifferences(plan.universe, now.universe),
    ...changeDifferences(plan.changes, now.changes),
    ...effectDifferences(plan.effects, now.effects),
  ];
}

function universeDifferences(plan: Compared["universe"], now: Compared["universe"]): string[] {
  const names = [...new Set([...Object.keys(plan.balls), ...Object.keys(now.balls)])].sort();
  const balls = names.filter((name) => own(plan.balls, name) !== own(now.balls, name)).map(
    (name) => {
      const ball = `universe: ball "${printable(name)}"`;
      if (own(plan.balls, name) === undefined) return `${ball} is new`;
      return own(now.balls, name) === undefined ? `${ball} is gone` : `${ball} is another one`;
    },
  );
  const parameters = plan.parameters === now.parameters
    ? []
    : ["universe: the node's parameters are others"];
  return [...balls, ...parameters];
}

function changeDifferences(plan: readonly PlannedChange[], now: readonly PlannedChange[]) {
  const [before, after] = [plan, now].map((list) => new Map(list.map((one) => [one.path, one])));
  const paths = [...new Set([...before!.keys(), ...after!.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [before!.get(path), after!.get(path)];
    if (!was) return [`${shellWord(path)} would be ${is!.kind}, and is not in the plan`];
    if (!is) return [`${shellWord(path)} would not be ${was.kind} any more`];
    const words = [
      ...was.kind === is.kind ? [] : [`would be ${is.kind}, not ${was.kind}`],
      ...sideDifferences("base", was.before, is.before, path),
      ...was.below === is.below ? [] : ["base: what lies below it is other"],
      ...sideDifferences("outcome", was.after, is.after, path),
      ...`${was.balls}` === `${is.balls}` ? [] : [`by ${is.balls.join(", ")}, not ${was.balls}`],
    ];
    return words.length > 0 ? [`${shellWord(path)}: ${words.map(printable).join(", ")}`] : [];
  });
}

/** Programs write these at every turn, with times in them. */
const WRITTEN_BY_PROGRAMS = /^\/var\/(log|cache)\//;
const CONTENT = ["size", "sha256"];

function sideDifferences(
  side: string,
  was: PlannedEntry | null,
  is: PlannedEntry | null,
  path: string,
): string[] {
  if (was === null || is === null) {
    return was === is ? [] : [`${side}: ${is === null ? "nothing" : is.type} there`];
  }
  const [a, b] = [was, is] as unknown as [Record<string, unknown>, Record<string, unknown>];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = fields.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .filter((name) => !(CONTENT.includes(name) && WRITTEN_BY_PROGRAMS.test(path)));
  const words = differing.map((name) => {
    if (name === "sha256") return "other content";
    if (name === "xattrs") return "other extended attributes";
    return `${name} ${b[name] ?? "none"}, not ${a[name] ?? "none"}`;
  });
  return words.length > 0 ? [`${side}: ${words.join(", ")}`] : [];
}

function effectDifferences(plan: readonly PlannedEffect[], now: readonly PlannedEffect[]) {
  const key = (effect: PlannedEffect | undefined) => JSON.stringify(effect);
  const known = (list: readonly PlannedEffect[]) => new Set(list.map(key));
  const [inPlan, inNow] = [known(plan), known(now)];
  const words = [
    ...now.filter((one) => !inPlan.has(key(one))).map((one) =>
      `effect ${shown(one)} is not in the plan`
    ),
    ...plan.filter((one) => !inNow.has(key(one))).map((one) =>
      `effect ${shown(one)} is not asked for any more`
    ),
  ];
  const isSame = plan.length === now.length && plan.every((one, i) => key(one) === key(now[i]));
  return words.length > 0 || isSame ? words : ["the effects come in another order or number"];
}

function shown({ ball, script, argv }: PlannedEffect): string {
  return `${commandLine(argv)} [${shellWord(`${ball}/${script}`)}]`;
}
