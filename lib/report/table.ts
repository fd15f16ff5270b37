/**
 * Tables of text.
 *
 * @module
 */
import { printable } from "../terminal/printable.ts";

/** Rows of cells as lines with columns of equal width; cells are made printable. */
export function tableLines(
  rows: readonly (readonly string[])[],
  options: { right?: readonly number[] } = {},
): string[] {
  const shown = rows.map((row) => row.map(printable));
  const columns = Math.max(0, ...shown.map((row) => row.length));
  const widths = Array.from(
    { length: columns },
    (_, i) => shown.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0),
  );
  const pad = (cell: string, i: number) =>
    options.right?.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return shown.map((row) => row.map(pad).join("  ").trimEnd());
}
