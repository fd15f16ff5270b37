/**
 * Bounds for diffs: what is shown of one change, and of all changes of a dance together.
 *
 * @module
 */
import type { Change } from "../result/change.ts";

/** Characters and lines of one diff, and characters of all diffs of one outcome. */
const MOST_CHARACTERS = 64 << 10;
const MOST_LINES = 1000;
const MOST_OF_ALL = 4 << 20;

/** Cuts the diffs of one outcome, one after the other. */
export class DiffCutter {
  #left = MOST_OF_ALL;

  /** Characters of the next diff that can be kept. */
  get room(): number {
    return Math.min(MOST_CHARACTERS, this.#left);
  }

  /** Lines of a diff that can be kept. */
  get lines(): number {
    return MOST_LINES;
  }

  /**
   * The diff as it is kept: whole, or its beginning and how many of its lines are left out.
   *
   * @param omitted Lines that the diff would have besides, all after what can be kept.
   */
  cut(diff: string, omitted = 0): Pick<Change, "diff" | "diffCut"> {
    const lines = diff.split("\n", MOST_LINES);
    let length = 0;
    let count = 0;
    const most = this.room;
    while (count < lines.length && length + lines[count]!.length + 1 <= most) {
      length += lines[count++]!.length + 1;
    }
    this.#left -= length;
    if (length >= diff.length && omitted === 0) return { diff };
    const shown = diff.slice(0, length);
    const left = linesIn(diff) + omitted - linesIn(shown);
    return left === 0 ? { diff } : { diff: shown, diffCut: left };
  }
}

function linesIn(diff: string): number {
  let count = 0;
  for (let at = diff.indexOf("\n"); at >= 0; at = diff.indexOf("\n", at + 1)) count++;
  return count;
}
