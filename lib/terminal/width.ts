/**
 * How many columns of a terminal a text takes.
 *
 * @module
 */

/** Characters that take two columns (UAX #11: wide and full width, in the main blocks). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Characters that are drawn over the one before. */
const NONE = /\p{M}/u;

/** Columns of a text without control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const c of text) width += columnsOf(c);
  return width;
}

/** As much of the beginning of a text as fits. */
export function cutTo(text: string, columns: number): string {
  let [width, cut] = [0, ""];
  for (const c of text) {
    width += columnsOf(c);
    if (width > columns) break;
    cut += c;
  }
  return cut;
}

function columnsOf(c: string): number {
  return NONE.test(c) ? 0 : WIDE.test(c) ? 2 : 1;
}
