/**
 * Names of units.
 *
 * @module
 */

const ENDINGS = "service|socket|timer|path|mount|automount|swap|target|slice|scope|device";
const UNIT = new RegExp(`^[A-Za-z0-9:_.\\\\@-]{1,240}\\.(${ENDINGS})$`);

/** Whether a word is the whole name of a unit; systemd.unit(5). */
export function isUnitName(word: string): boolean {
  return UNIT.test(word);
}

/** A name as systemctl completes it; none for a pattern. */
export function unitName(word: string): string[] {
  const name = /\.[a-z]+$/.test(word) && isUnitName(word) ? word : `${word}.service`;
  return isUnitName(name) ? [name] : [];
}
