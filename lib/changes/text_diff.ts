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
 * A unified diff as GNU diff writes it, or null if one side is no text (NUL bytes, not UTF-8) or
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
  const [old, new_] = [decode(before, limit), decode(after, limit)];
  if (old === null || new_ === null) return null;
  const hunks = hunksOf(old, new_);
  if (hunks.length === 0) return "";
  const name = printable(path);
  const header = [
    `--- ${before === null ? "/dev/null" : `a${name}`}`,
    `+++ ${after === null ? "/dev/null" : `b${name}`}`,
  ];
  return [...header, ...hunks.flatMap(linesOf)].join("\n") + "\n";
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
  if (old === "") return [{ ...whole("+", new_), oldStart: 1, oldLines: 0 }];
  if (new_ === "") return [{ ...whole("-", old), newStart: 1, newLines: 0 }];
  const patch = structuredPatch("", "", old, new_, undefined, undefined, options);
  return patch ? patch.hunks : [block(old, new_)];
}

/** All lines with one mark, in one piece: a text may have millions. */
function whole(mark: "+" | "-", content: string): Hunk {
  const isEnded = content.endsWith("\n");
  const body = isEnded ? content.slice(0, -1) : content;
  const marked = body.replaceAll("\n", `\n${mark}`);
  let count = 1;
  for (let at = body.indexOf("\n"); at >= 0; at = body.indexOf("\n", at + 1)) count++;
  return {
    ...{ oldStart: 1, oldLines: count, newStart: 1, newLines: count },
    lines: [`${mark}${marked}${isEnded ? "" : `\n${NO_NEWLINE}`}`],
  };
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
