/**
 * The name of a command.
 *
 * @module
 */

/** What stands behind the last slash of a word: `ss` of `/usr/sbin/ss`. */
export function commandName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}
