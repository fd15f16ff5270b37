/**
 * The logs of what is due: `<var>/due/<dance>`, one line of JSON an event, each on the disk before
 * the next thing begins. A log exists before the commit of its merge, and until nothing of it is left:
 * so the folder is empty, or missing, where nothing is to be done.
 *
 * @module
 */
import type { Roots } from "../state/mod.ts";
import {
  appendDurably,
  lstat,
  nameOf,
  readdir,
  readEnd,
  readFile,
  syncFolder,
} from "../posix/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Due } from "./due.ts";

/** Something that happened. */
export type DueEvent =
  /** `id` is of the dance; `due` is given where the dance merged nothing, and so has no journal. */
  | { event: "opened"; schema: 1; id: string; due?: Due }
  | { event: "begun"; effect: number }
  | { event: "done"; effect: number }
  | { event: "failed"; effect: number; error: string }
  /** It was cut off, and may not be repeated without a person's word. */
  | { event: "cut-off"; effect: number; error: string }
  | { event: "forgotten"; effect: number }
  | { event: "delivered" }
  | { event: "confirmed" };

/** An event with its time, ISO 8601 in UTC. */
export type Noted = DueEvent & { at: string };

/** Where the logs are. */
export function dueFolder({ var: folder }: Pick<Roots, "var">): string {
  return `${folder}/due`;
}

/** The log of one dance. */
export function logPath(roots: Pick<Roots, "var">, id: string): string {
  return `${dueFolder(roots)}/${id}`;
}

/** Begin a log durably. */
export function openLog(roots: Pick<Roots, "var">, id: string, due?: Due): void {
  const folder = dueFolder(roots);
  if (!lstat(folder)) {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncFolder(roots.var);
  }
  const opened = { event: "opened", schema: 1, id, ...due ? { due } : {} } as const;
  writeOwn(logPath(roots, id), `${line(opened)}\n`, { keeps: "name" });
}

/** Note durably what happened. A line that a power cut has cut off is marked as such first. */
export function note(roots: Pick<Roots, "var">, id: string, event: DueEvent): void {
  const path = logPath(roots, id);
  const last = nameOf(readEnd(path, 1) ?? new Uint8Array());
  const isTorn = last !== "" && last !== "\n";
  appendDurably(path, isTorn ? `${TORN}\n${line(event)}` : line(event));
}

/** Stands after a line that was cut off: the next one was written by who knew that. */
const TORN = "(cut off)";

/** Nothing is left: the log goes. */
export function closeLog(roots: Pick<Roots, "var">, id: string): void {
  const path = logPath(roots, id);
  if (!lstat(path)) return;
  Deno.removeSync(path);
  syncFolder(dueFolder(roots));
}

/** The dances that have a log, oldest first. */
export function openLogs(roots: Pick<Roots, "var">): string[] {
  const folder = dueFolder(roots);
  if (!lstat(folder)) return [];
  return readdir(folder).map(({ name }) => name).filter((name) => NAME.test(name)).sort();
}

/** Remove what a crash has left of logs that were not begun. */
export function dropDrafts(roots: Pick<Roots, "var">): void {
  const folder = dueFolder(roots);
  if (!lstat(folder)) return;
  const drafts = readdir(folder).filter(({ name }) => name.endsWith(".new"));
  for (const { name } of drafts) Deno.removeSync(`${folder}/${name}`);
}

/** Ids of dances, and no drafts. */
const NAME = /^[A-Za-z0-9-]+$/;

/** What a log says. */
export interface Log {
  readonly events: readonly Noted[];
  /** Whether it has lost its beginning, or a line in the middle: nobody knows what was done. */
  readonly isDamaged: boolean;
}

/** Read a log; a last line that a power cut has cut off says nothing, and does not count as damage. */
export function readLog(roots: Pick<Roots, "var">, id: string): Log {
  const lines = nameOf(readFile(logPath(roots, id))).split("\n");
  const events = lines.map(parseLine);
  const isLost = (i: number) =>
    !events[i] && lines[i] !== TORN && i < lines.length - 1 && lines[i + 1] !== TORN;
  return {
    events: events.filter((event) => event !== undefined),
    isDamaged: events[0]?.event !== "opened" || lines.some((_, i) => isLost(i)),
  };
}

function parseLine(text: string): Noted | undefined {
  try {
    const event: unknown = JSON.parse(text);
    return isEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is Noted {
  const { event, at } = (value ?? {}) as Partial<Noted>;
  return typeof event === "string" && typeof at === "string";
}

function line(event: DueEvent): string {
  return JSON.stringify({ ...event, at: new Date().toISOString() });
}
