/**
 * The name of a dance: when it began, and something that no other dance has.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";

/** The pattern of a whole id. */
export const DANCE_ID = "\\d{8}T\\d{6}Z-[0-9a-f]{6}";
const WHOLE_ID = new RegExp(`^${DANCE_ID}$`);

/**
 * A new id, such as `20261122T235959Z-0a1b2c`: later ids sort later. The first three digits of the
 * last part are the milliseconds, the others are random.
 */
export function newDanceId(now: Date = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, "0");
  const random = crypto.getRandomValues(new Uint8Array(2)).toHex().slice(0, 3);
  return `${time}Z-${milliseconds}${random}`;
}

/** Whether a text is a dance's id; such a text is safe as a file name. */
export function isDanceId(text: string): boolean {
  return WHOLE_ID.test(text);
}

/** A dance's id from outside; anything else is a {@linkcode DiscoError} with code 3. */
export function parseDanceId(text: string): string {
  if (!isDanceId(text)) {
    throw new DiscoError(
      `Cannot use "${printable(text.slice(0, 80))}" as a dance's id: expected one such as ` +
        `"20261122T235959Z-0a1b2c"`,
      { code: 3, hint: "see disco history" },
    );
  }
  return text;
}
