/**
 * What a JSON document has to be, as data: it is checked by it, and its JSON Schema is printed from it.
 *
 * @module
 */

/** What a value has to be. */
export type Shape =
  | { readonly kind: "text"; readonly most?: number }
  | { readonly kind: "flag" }
  | { readonly kind: "number"; readonly isWhole?: boolean }
  /** As Date has it: ISO 8601. */
  | { readonly kind: "time" }
  /** A text that a pattern matches as a whole; `name` is what it is called. */
  | {
    readonly kind: "pattern";
    readonly name: string;
    readonly pattern: string;
    readonly most?: number;
  }
  | { readonly kind: "words"; readonly words: readonly (string | number)[] }
  | { readonly kind: "list"; readonly of: Shape; readonly most?: number }
  /** Those whose names end with `?` may be missing. Others are let pass, unless it is exact. */
  | {
    readonly kind: "object";
    readonly fields: Readonly<Record<string, Shape>>;
    readonly isExact?: boolean;
  }
  /** Any names; their values are of one shape. */
  | { readonly kind: "map"; readonly of: Shape; readonly most?: number }
  | { readonly kind: "nullable"; readonly of: Shape };

/** A text of at most so many characters. */
export function text(most?: number): Shape {
  return most === undefined ? { kind: "text" } : { kind: "text", most };
}

export const FLAG: Shape = { kind: "flag" };
export const NUMBER: Shape = { kind: "number" };
export const WHOLE: Shape = { kind: "number", isWhole: true };
export const TIME: Shape = { kind: "time" };

/** A text that a pattern matches as a whole. */
export function pattern(name: string, pattern: string, most?: number): Shape {
  return { kind: "pattern", name, pattern, ...most === undefined ? {} : { most } };
}

/** One of some words or numbers. */
export function oneOf(...words: readonly (string | number)[]): Shape {
  return { kind: "words", words };
}

/** A list of at most so many. */
export function list(of: Shape, most?: number): Shape {
  return { kind: "list", of, ...most === undefined ? {} : { most } };
}

/** An object with these fields, and perhaps others. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: "object", fields };
}

/** An object with these fields and no other. */
export function exactly(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: "object", fields, isExact: true };
}

/** An object whose values are of one shape. */
export function map(of: Shape, most?: number): Shape {
  return { kind: "map", of, ...most === undefined ? {} : { most } };
}

/** The shape, or null. */
export function orNull(of: Shape): Shape {
  return { kind: "nullable", of };
}

/** The name of a field without its mark, and whether it may be missing. */
export function fieldOf(name: string): { readonly name: string; readonly isOptional: boolean } {
  return { name: name.replace(/\?$/, ""), isOptional: name.endsWith("?") };
}
