/**
 * What is due, of this dance and of earlier ones: read, carried out, ticked off.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  closeGate,
  closeLog,
  dropDrafts,
  type Due,
  type DueEffect,
  type DueState,
  endOrphan,
  gated,
  isOver,
  isRepeatable,
  type Left,
  leftOf,
  note,
  NOTHING_DUE,
  openGate,
  openLog,
  openLogs,
  type Owed,
  owedOf,
  readLog,
  stateOf,
} from "../due/mod.ts";
import { carryOut, commandLine, type EffectOutcome } from "../effects/mod.ts";
import { DiscoError } from "../error.ts";
import { type Generation, listGenerations } from "../merge/mod.ts";
import { saveRecord } from "../orphans/mod.ts";
import { lstat } from "../posix/mod.ts";
import { type OwedEffect, owedWords } from "../report/mod.ts";
import { environmentOf } from "../sandbox/mod.ts";
import { error, info, warning } from "../terminal/mod.ts";
import { scriptInPlace } from "./post_script.ts";
import { DEFAULT_TIMEOUT } from "./sandbox_options.ts";

/** What is due of all dances, oldest first; nothing is written. */
export async function loadDue(context: Context): Promise<DueState[]> {
  const ids = openLogs(context.roots);
  if (ids.length === 0) return [];
  const generations = await listGenerations(context, { readable: true });
  return ids.flatMap((id) =>
    stateIn(context, id, generations.find(({ journal }) => journal.id === id)) ?? []
  );
}

function stateIn(context: Context, id: string, generation?: Generation): DueState | undefined {
  const log = readLog(context.roots, id);
  const opened = log.events.find(({ event }) => event === "opened");
  const isMerged = generation?.status === "done" && generation.undoneBy === null;
  const due = (opened?.event === "opened" && opened.due) ||
    (isMerged ? generation.journal.due : undefined);
  if (due) return stateOf(id, due, log);
  // A log that was opened has a merge that is undone, given up, or was never committed.
  const isLost = generation === undefined && (log.isDamaged || hasJournal(context, id));
  return isLost ? stateOf(id, UNKNOWN, { ...log, isDamaged: true }) : undefined;
}

/** A journal that is there, and was not readable. */
function hasJournal({ roots }: Context, id: string): boolean {
  return lstat(`${roots.generations}/${id}/journal.json`) !== undefined;
}

/** Stands for all effects of a dance of which nothing is known any more; it cannot be carried out. */
const UNKNOWN: Due = {
  ...NOTHING_DUE,
  effects: [{ effect: { ball: "(unknown)", script: "", cwd: "/", argv: ["unknown-effects"] } }],
};

/** Close the logs of what was undone, given up, or never committed. The caller holds the lock. */
export async function closeStale(context: Context): Promise<void> {
  const { roots } = context;
  dropDrafts(roots);
  const known = new Set((await loadDue(context)).map(({ id }) => id));
  for (const id of openLogs(roots)) if (!known.has(id)) closeLog(roots, id);
}

/** Everything that is owed; nothing is written. */
export async function listOwed(context: Context): Promise<Owed[]> {
  return (await loadDue(context)).flatMap(owedOf);
}

/** Everything that a dance in progress, or one that was cut off, has not carried out yet. */
export async function listLeft(context: Context): Promise<Left[]> {
  return (await loadDue(context)).flatMap(leftOf);
}

/** Write the record of delivered files, as the merge has it, and tick that off. */
export function deliver({ roots }: Context, { id, due, isDelivered }: DueState): void {
  if (due.delivered === null || isDelivered) return;
  saveRecord(roots.var, due.delivered.after);
  note(roots, id, { event: "delivered" });
}

/** The log goes if nothing of it is left. */
export async function settle(context: Context, id: string): Promise<void> {
  const state = (await loadDue(context)).find((one) => one.id === id);
  if (state && isOver(state)) closeLog(context.roots, id);
}

/** Note what a dance that merged nothing has to do. */
export function openWithoutMerge({ roots }: Context, id: string, due: Due): void {
  openLog(roots, id, due);
}

/** How an effect is carried out. */
export interface Carrying {
  readonly context: Context;
  /** The dance that it belongs to. */
  readonly id: string;
  readonly signal?: AbortSignal;
}

/**
 * Carry out one effect that is due: its beginning and its end are on the disk before the next one
 * begins. Throws only if that cannot be noted.
 */
export async function carryOutDue(
  { context, id, signal }: Carrying,
  number: number,
  { effect, content }: DueEffect,
): Promise<EffectOutcome> {
  const { roots, node, settings } = context;
  const { ball, script } = effect;
  const gate = gateOf(context);
  note(roots, id, { event: "begun", effect: number });
  openGate(gate);
  using place = scriptInPlace(effect.argv, content, roots.run);
  const outcome = await carryOut({ ...effect, argv: gated(place.argv, gate) }, {
    env: environmentOf({ node, dance: id, ball, script, noop: false }),
    timeout: settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1) * 1000,
    onLine: (line) => info(`${ball}: ${line}`),
    folder: roots.run,
    signal,
  });
  closeGate(gate);
  if (outcome.ok) note(roots, id, { event: "done", effect: number });
  else {
    const mayRepeat = !signal?.aborted || isRepeatable(effect.argv);
    const event = mayRepeat ? "failed" : "cut-off";
    note(roots, id, { event, effect: number, error: outcome.error });
  }
  return outcome;
}

function gateOf({ roots }: Context): string {
  return `${roots.run}/effect-gate`;
}

/**
 * Carry out what a crash has left of earlier dances; the caller holds the lock. What was owed before
 * is not tried here. Returns what was done, one line each.
 */
export async function carryOutLeft(context: Context, state: DueState): Promise<string[]> {
  if (context.root !== "/") return [];
  const lines: string[] = [];
  for (const [number, one] of state.due.effects.entries()) {
    const { kind } = state.effects[number]!;
    const what = `${commandLine(one.effect.argv)} [${one.effect.ball}/${one.effect.script}]`;
    if (kind === "begun" && !isRepeatable(one.effect.argv)) {
      const reason = "was cut off, and may not be one that can run twice";
      note(context.roots, state.id, { event: "cut-off", effect: number, error: reason });
      lines.push(
        `${what} ${reason}: look, then disco owed --retry or --forget ${state.id}.${number}`,
      );
    } else if (kind === "begun" || kind === "left") {
      const how = kind === "left" ? "carried out" : "cut off, and carried out again";
      const { ok, error } = await carryOutDue({ context, id: state.id }, number, one);
      lines.push(ok ? `${what} was ${how}` : `${what} ${error}; it is owed now`);
    }
  }
  await settle(context, state.id);
  return lines;
}

/** End the effect of a killed dance, which may still run. */
export function endOrphanedEffect(context: Context): void {
  if (endOrphan(gateOf(context))) {
    warning("an effect of a dance that was killed was still running: it was ended");
  }
}

/** What makes two effects the same, whoever asks. */
export function keyOf({ ball: _, script: __, ...rest }: DueEffect["effect"]): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Try what is owed again, but for what is asked for once more anyway. Returns what these are. */
export async function retryOwed(
  carrying: Omit<Carrying, "id">,
  asked: ReadonlySet<string>,
): Promise<Owed[]> {
  const { context, signal } = carrying;
  const owed = await listOwed(context);
  const covered = owed.filter(({ what }) => asked.has(keyOf(what.effect)));
  for (const one of owed) {
    if (one.isHeld || covered.includes(one) || signal?.aborted) continue;
    await retryOne(carrying, one);
  }
  return covered;
}

/** Try one that is owed again; true if it worked. */
export async function retryOne(carrying: Omit<Carrying, "id">, owed: Owed): Promise<boolean> {
  if (UNKNOWN.effects.includes(owed.what)) {
    throw new DiscoError(`Cannot carry out "${owed.id}": nobody knows what it was`, {
      hint: `look, then disco owed --forget ${owed.id}`,
    });
  }
  const { ball, argv } = owed.what.effect;
  info(`owed effect of ${ball}, try ${owed.tried + 1}: ${commandLine(argv)}`);
  const outcome = await carryOutDue({ ...carrying, id: owed.dance }, owed.number, owed.what);
  await settle(carrying.context, owed.dance);
  if (outcome.ok) return true;
  error(`Owed effect of ball "${ball}" failed again: ${commandLine(argv)} ${outcome.error}`);
  return false;
}

/** Tick off what is owed: done by another run of the same, or forgotten by a person. */
export async function tickOff(
  context: Context,
  { dance, number }: Pick<Owed, "dance" | "number">,
  event: "done" | "forgotten",
): Promise<void> {
  note(context.roots, dance, { event, effect: number });
  await settle(context, dance);
}

/** What is owed, in one line. */
export function owedLine(owed: Owed): string {
  return owedWords(owedEntry(owed));
}

/** What is owed, as a result has it. */
export function owedEntry({ id, what, since, tried, error, isHeld }: Owed): OwedEffect {
  const { ball, script, argv } = what.effect;
  return { id, ball, script, argv: [...argv], since, tried, error, held: isHeld };
}

/** What is left of a dance that was cut off, in one line. */
export function leftLine({ id, what, isBegun }: Left): string {
  const { ball, script, argv } = what.effect;
  const how = isBegun ? "begun, and not ended" : "not begun";
  return `due: ${commandLine(argv)} [${ball}/${script}] is ${how}: a dance in progress, or else ` +
    `disco recover, carries it out (${id})`;
}

/** The same, as JSON. */
export function leftEntry({ id, what, isBegun }: Left): Record<string, unknown> {
  const { ball, script, argv } = what.effect;
  return { id, ball, script, argv: [...argv], begun: isBegun };
}
