/**
 * Which parameters a template or script uses, as far as its text tells.
 *
 * @module
 */

/** A key that must exist where this is run: no fallback is given, and nothing asks first. */
export interface Need {
  readonly key: string;
  /** The first line is 1. */
  readonly line: number;
  /** How it is asked for. */
  readonly what: string;
}

/** What a text says. */
export interface Uses {
  readonly needs: readonly Need[];
  /** All keys that are used in whatever way, those of folders among them; `""` is everything. */
  readonly keys: readonly string[];
  /** The beginnings of keys of which the rest is computed. */
  readonly computed: readonly string[];
}

/** Whether one key is the other one, or above or below it. */
export function isRelated(a: string, b: string): boolean {
  return isAtOrBelow(a, b) || isAtOrBelow(b, a);
}

/** Whether a key is the other one, or in the folder that the other one names. */
export function isAtOrBelow(key: string, folder: string): boolean {
  return key === folder || folder === "" || key.startsWith(`${folder}/`);
}

/** The number of the line that an offset of a text lies in. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
