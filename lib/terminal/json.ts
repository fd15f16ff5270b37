/**
 * JSON documents in pieces: a document can be longer than a string (2^29 characters).
 *
 * @module
 */
import { printableJson } from "./printable.ts";

/** Levels that are taken apart; what lies deeper is small. */
const DEPTH = 2;

/**
 * The document as `JSON.stringify(value, null, indent)` has it, piece by piece, but for invisible
 * characters, which are escaped, and with a line feed at its end. What cannot be in JSON (functions,
 * undefined) is left out.
 */
export function* jsonPieces(value: unknown, indent = 0): Generator<string> {
  for (const piece of pieces(value, indent, 0)) yield printableJson(piece);
  yield "\n";
}

function* pieces(value: unknown, indent: number, level: number): Generator<string> {
  if (level >= DEPTH || !isCompound(value)) {
    const text = JSON.stringify(value, null, indent) ?? "null";
    yield indent === 0 ? text : text.replaceAll("\n", newline(indent, level));
    return;
  }
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = isList
    ? value.map((one) => ["", one])
    : Object.entries(value).filter(([, one]) => one !== undefined && typeof one !== "function");
  if (entries.length === 0) return yield isList ? "[]" : "{}";
  let separator = isList ? "[" : "{";
  for (const [key, one] of entries) {
    const name = isList ? "" : `${JSON.stringify(key)}:${indent === 0 ? "" : " "}`;
    yield `${separator}${newline(indent, level + 1)}${name}`;
    yield* pieces(one, indent, level + 1);
    separator = ",";
  }
  yield `${newline(indent, level)}${isList ? "]" : "}"}`;
}

function isCompound(value: unknown): value is object {
  return typeof value === "object" && value !== null && !("toJSON" in value);
}

function newline(indent: number, level: number): string {
  return indent === 0 ? "" : `\n${" ".repeat(indent * level)}`;
}
