/**
 * What was seen of a throw-away host, in a form that can be compared.
 *
 * @module
 */
import { printable } from "../../lib/terminal/printable.ts";

/** Things of one kind by name, each with its properties. */
export type Seen = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Lines that say all there is to say. The same line twice is told apart by its number. */
export function seenLines(lines: readonly string[]): Seen {
  const seen = new Map<string, Record<string, string>>();
  for (const line of lines) {
    let name = line;
    for (let n = 2; seen.has(name); n++) name = `${line} (${n})`;
    seen.set(name, {});
  }
  return seen;
}

/** What differs, a line each, sorted by name; none if they are equal. */
export function compareSeen(before: Seen, after: Seen): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    return compareOne(before.get(name), after.get(name)).map((what) =>
      `${printable(name)}: ${what}`
    );
  });
}

function compareOne(
  before: Readonly<Record<string, string>> | undefined,
  after: Readonly<Record<string, string>> | undefined,
): string[] {
  if (!before) return ["new"];
  if (!after) return ["gone"];
  const properties = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...properties].filter((property) => before[property] !== after[property])
    .map((property) => `${property} ${shown(before[property])} -> ${shown(after[property])}`);
}

function shown(value: string | undefined): string {
  return printable((value ?? "").slice(0, 120)) || "none";
}
