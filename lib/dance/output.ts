/**
 * What failed commands printed, in a result.
 *
 * @module
 */

/** The field of a result; none where nothing was printed. */
export function withOutput(lines: readonly string[]): { output?: string[] } {
  return lines.length > 0 ? { output: [...lines] } : {};
}
