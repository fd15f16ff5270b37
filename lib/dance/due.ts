/**
 * What is due, of this dance and of earlier ones: read, listed, closed.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  closeLog,
  dropDrafts,
  type Due,
  type DueState,
  isOver,
  type Left,
  leftOf,
  type Log,
  note,
  NOTHING_DUE,
  openLog,
  openLogs,
  type Owed,
  owedOf,
  readLog,
  stateOf,
  withStep,
} from "../due/mod.ts";
import { commandLine } from "../effects/mod.ts";
import { type Generation, listGenerations, readableJournal } from "../merge/mod.ts";
import { type DeliveredRecord, journalPath, saveRecord } from "../state/mod.ts";
import { lstat } from "../posix/mod.ts";
import { loadDelivered } from "./load_delivered.ts";
import { type OwedEffect, owedWords } from "../result/mod.ts";

/** What is due of all dances, oldest first; nothing is written. */
export async function loadDue(context: Context): Promise<DueState[]> {
  const ids = openLogs(context.roots);
  if (ids.length === 0) return [];
  const generations = await listGenerations(context, { readable: true });
  const states = ids.map((id) =>
    stateIn(context, id, generations.find(({ head }) => head.id === id))
  );
  return (await Promise.all(states)).filter((state) => state !== undefined);
}

async function stateIn(
  context: Context,
  id: string,
  generation?: Generation,
): Promise<DueState | undefined> {
  const log = readLog(context.roots, id);
  const opened = log.events.find(({ event }) => event === "opened");
  const merged = generation?.status === "done" && generation.undoneBy === null
    ? generation
    : undefined;
  const due = (opened?.event === "opened" && opened.due) ||
    (merged && await dueOf(merged, log));
  if (due) return stateOf(id, due, log);
  // A log that was opened has a merge that is undone, given up, or was never committed.
  const isUnreadable = generation === undefined || merged?.head.due !== undefined;
  const isLost = isUnreadable && (log.isDamaged || hasJournal(context, id));
  return isLost ? stateOf(id, UNKNOWN, { ...log, isDamaged: true }) : undefined;
}

/** What was due after a merge; undefined if nothing was, or the journal is damaged. */
async function dueOf(generation: Generation, log: Log): Promise<Due | undefined> {
  const { due } = generation.head;
  const isDelivered = log.events.some(({ event }) => event === "delivered");
  // To undo what nobody confirms in time needs the journal.
  if (due && isDelivered && due.confirm === null) return { ...due, delivered: null };
  return due && (await readableJournal(generation))?.due;
}

/** A journal that is there, and was not readable. */
function hasJournal({ roots }: Context, id: string): boolean {
  return lstat(journalPath(`${roots.generations}/${id}`)) !== undefined;
}

/** Stands for all effects of a dance of which nothing is known any more; it cannot be carried out. */
const UNKNOWN: Due = {
  ...NOTHING_DUE,
  effects: [{ effect: { ball: "(unknown)", script: "", cwd: "/", argv: ["unknown-effects"] } }],
};

/** Whether nothing is known of what is owed but that there was something. */
export function isUnknown({ what }: Owed): boolean {
  return UNKNOWN.effects.includes(what);
}

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

/**
 * Write what the merge changes in the record of delivered files, and tick that off.
 *
 * @param after The record as it is to be then, where that is known.
 */
export async function deliver(
  context: Context,
  { id, due, isDelivered }: DueState,
  after?: DeliveredRecord,
): Promise<void> {
  if (due.delivered === null || isDelivered) return;
  saveRecord(context.roots.var, after ?? withStep(await loadDelivered(context), due.delivered));
  note(context.roots, id, { event: "delivered" });
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
