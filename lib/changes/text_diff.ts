/**
 * Unified diffs of text.
 *
 * @module
 */
import { structuredPatch } from "diff";
import { printable } from "../terminal/printable.ts";
import { DIFF_LIMIT } from "./content.ts";

/** More changed lines than this are shown as one block, to bound the time; no clock decides. */
const MOST_EDITS = 1000;
const CONTEXT = 3;
const NO_NEWLINE = "\\ No newline at end of file";
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A unified diff as GNU diff writes it, or null if one side is not text (NUL bytes, not UTF-8) or
 * longer than `limit` bytes. A side that does not exist is null; equal sides are an empty diff.
 *
 * Only the path in the header is made printable: the lines hold the content as it is.
 */
export function unifiedDiff(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
  limit = DIFF_LIMIT,
): string | null {
  return startOfDiff(path, before, after, { limit })?.diff ?? null;
}

/** How much of a diff is made. */
export interface StartOptions {
  /** Bytes of a side. */
  readonly limit?: number;
  /** Characters of a text that is new, or gone, as a whole: it may have millions of lines. */
  readonly most?: number;
  /** Lines of such a text. */
  readonly lines?: number;
}

/** The same, but of a long text that is new or gone the beginning; `omitted` lines follow it. */
export function startOfDiff(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
  { limit = DIFF_LIMIT, most = Infinity, lines = Infinity }: StartOptions = {},
): { diff: string; omitted: number } | null {
  const [old, new_] = [decode(before, limit), decode(after, limit)];
  if (old === null || new_ === null) return null;
  const { hunks, omitted } = startOfWhole(old, new_, { most, lines }) ??
    { hunks: hunksOf(old, new_), omitted: 0 };
  if (hunks.length === 0) return { diff: "", omitted };
  const name = printable(path);
  const header = [
    `--- ${before === null ? "/dev/null" : `a${name}`}`,
    `+++ ${after === null ? "/dev/null" : `b${name}`}`,
  ];
  return { diff: [...header, ...hunks.flatMap(linesOf)].join("\n") + "\n", omitted };
}

/** The beginning of a long text that is new or gone; undefined for anything else. */
function startOfWhole(
  old: string,
  new_: string,
  { most, lines: mostLines }: Required<Pick<StartOptions, "most" | "lines">>,
) {
  if (old !== "" && new_ !== "") return undefined;
  const text = old + new_;
  const end = endOfStart(text, most, mostLines);
  if (end === undefined || end === text.length) return undefined;
  const start = text.slice(0, end);
  const isEnded = text.endsWith("\n");
  const lines = countOf(text) + (isEnded ? 0 : 1);
  const hunk = {
    ...{ oldStart: 1, newStart: 1 },
    ...(old === "" ? { oldLines: 0, newLines: lines } : { oldLines: lines, newLines: 0 }),
    lines: marked(old === "" ? "+" : "-", split(start)),
  };
  // The note about a missing newline is a line of the diff as well.
  return { hunks: [hunk], omitted: lines - countOf(start) + (isEnded ? 0 : 1) };
}

/** Behind the line in which one of the bounds is reached; undefined where neither is. */
function endOfStart(text: string, most: number, lines: number): number | undefined {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    if (++count >= lines || at >= most) return at + 1;
  }
  return undefined;
}

function countOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

function decode(bytes: Uint8Array | null, limit: number): string | null {
  if (bytes === null) return "";
  if (bytes.length > limit || bytes.includes(0)) return null;
  try {
    return text.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

function hunksOf(old: string, new_: string): Hunk[] {
  if (old === new_) return [];
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const whole = old === "" || new_ === "";
  const patch = whole
    ? undefined
    : structuredPatch("", "", old, new_, undefined, undefined, options);
  return patch ? patch.hunks : [block(old, new_)];
}

/** Everything between the common lines at both ends as one hunk. */
function block(old: string, new_: string): Hunk {
  const [a, b] = [split(old), split(new_)];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const start = Math.max(0, head - CONTEXT);
  const kept = Math.min(tail, CONTEXT);
  const [oldEnd, newEnd] = [a.length - tail, b.length - tail];
  return {
    oldStart: start + 1,
    oldLines: oldEnd + kept - start,
    newStart: start + 1,
    newLines: newEnd + kept - start,
    lines: [
      ...marked(" ", a.slice(start, head)),
      ...marked("-", a.slice(head, oldEnd)),
      ...marked("+", b.slice(head, newEnd)),
      ...marked(" ", a.slice(oldEnd, oldEnd + kept)),
    ],
  };
}

/** Lines with their line feed, where they have one. */
function split(content: string): string[] {
  return content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: string, lines: string[]): string[] {
  return lines.map((line) =>
    line.endsWith("\n") ? mark + line.slice(0, -1) : `${mark}${line}\n${NO_NEWLINE}`
  );
}

function linesOf(hunk: Hunk): string[] {
  const old = range(hunk.oldStart, hunk.oldLines);
  return [`@@ -${old} +${range(hunk.newStart, hunk.newLines)} @@`, ...hunk.lines];
}

/** An empty range names the line before it; one line needs no length. */
function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}
