/**
 * Numbers of things in words.
 *
 * @module
 */

/** `1 path`, `2 paths`: for words whose plural only adds an "s". */
export function counted(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
