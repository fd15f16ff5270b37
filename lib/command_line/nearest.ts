/**
 * What a mistyped word was meant to be.
 *
 * @module
 */

/** The known word that another one is nearest to, at most so many letters away; undefined if none is. */
export function nearest(word: string, known: Iterable<string>, most = 2): string | undefined {
  const near = [...known].map((one) => ({ one, steps: distance(one, word) }))
    .sort((a, b) => a.steps - b.steps)[0];
  return near && near.steps <= most ? near.one : undefined;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const other = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, other));
    }
    row = next;
  }
  return row[b.length]!;
}
