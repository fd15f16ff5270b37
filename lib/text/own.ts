/**
 * Words from outside as keys of objects.
 *
 * @module
 */

/**
 * What an object has under a word from outside, undefined where it has nothing: every object answers to
 * `constructor`, `toString` and more, which nobody has put there.
 */
export function own<T>(object: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(object, word) ? object[word] : undefined;
}
