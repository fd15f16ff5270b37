/**
 * Time stamps of changes, as text.
 *
 * @module
 */

/**
 * A time stamp in nanoseconds since 1970 as ISO 8601 in UTC, always with nine digits after the
 * second: `2026-11-22T23:59:59.000000001Z`. Equal times are equal strings and later times of the
 * same era sort later. Times outside the years 1 to 9999 are `@seconds.nanoseconds`.
 */
export function formatMtime(ns: bigint): string {
  const nanos = ((ns % SECOND) + SECOND) % SECOND;
  const seconds = (ns - nanos) / SECOND;
  const fraction = String(nanos).padStart(9, "0");
  if (seconds < FIRST || seconds > LAST) return `@${seconds}.${fraction}`;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** The nanoseconds of such a text. */
export function parseMtime(text: string): bigint {
  const [time = "", fraction = ""] = text.replace(/Z$/, "").split(".");
  const seconds = time.startsWith("@") ? time.slice(1) : Date.parse(`${time}Z`) / 1000;
  return BigInt(seconds) * SECOND + BigInt(fraction);
}

const SECOND = 1_000_000_000n;
const FIRST = -62_135_596_800n; // 0001-01-01
const LAST = 253_402_300_799n; // 9999-12-31T23:59:59
