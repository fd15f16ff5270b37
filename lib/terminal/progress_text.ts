/**
 * What the status line says, made to fit a terminal.
 *
 * @module
 */
import { cutTo, widthOf } from "./width.ts";

/** How far something has come. */
export interface Progress {
  /** What is done of it now, instead of what was said at its beginning. */
  readonly what?: string;
  readonly done: number;
  /** Of how many; without it, or where `done` is more, only the count is shown. */
  readonly total?: number | undefined;
  /** Something to say beside the count, such as an amount of bytes. */
  readonly note?: string;
}

const BAR = 20;
/** A bar that is narrower says nothing. */
const NARROWEST_BAR = 5;
/** Columns that belong to the words before a bar gets any. */
const WORDS = 40;

/**
 * One line of less than `columns` columns: words, bar, count and seconds. Where there is little room
 * the bar becomes narrower and goes, then the words are cut.
 */
export function progressText(
  what: string,
  seconds: number,
  progress: Progress | undefined,
  columns: number,
): string {
  const room = Math.max(0, columns - 1);
  const known = progress?.total !== undefined && progress.total > 0 &&
      progress.done <= progress.total
    ? { done: progress.done, total: progress.total }
    : undefined;
  const amount = progress && [countOf(progress.done, known?.total), progress.note]
    .filter(Boolean).join(", ");
  const time = seconds > 0 ? `(${seconds} s)` : "";
  const tail = [amount, time].filter(Boolean).join(" ");
  const words = progress?.what ?? what;
  const left = room - widthOf(tail) - Math.min(widthOf(words), WORDS) - "  []".length;
  const bar = known && left >= NARROWEST_BAR ? barOf(known, Math.min(BAR, left)) : "";
  const end = [bar, tail].filter(Boolean).join(" ");
  const first = cutTo(words, room - (end ? widthOf(end) + 1 : 0));
  return cutTo([first, end].filter(Boolean).join(" "), room);
}

function countOf(done: number, total: number | undefined): string {
  return total === undefined ? `${done}` : `${done} of ${total}`;
}

function barOf({ done, total }: { done: number; total: number }, width: number): string {
  const full = Math.floor(width * done / total);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
}
