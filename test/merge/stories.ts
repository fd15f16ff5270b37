/**
 * Plays stories in a namespace of their own.
 *
 * @module
 */
import { inNamespace } from "../union/child.ts";
import type { Picture, Story, Told } from "./fixture.ts";

/** Play named stories, all in one process; the outcome of each by its name. */
export async function play<Name extends string>(
  stories: Record<Name, Story>,
): Promise<Record<Name, Told>> {
  const program = new URL("./fixture.ts", import.meta.url);
  const told = await inNamespace<Told[]>(program, Object.values(stories));
  return Object.fromEntries(Object.keys(stories).map((name, i) => [name, told[i]!])) as Record<
    Name,
    Told
  >;
}

/** Paths on which two pictures differ, sorted; see {@linkcode Picture}. */
export function differences(a: Picture, b: Picture): string[] {
  const paths = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...paths].filter((path) => a[path] !== b[path]).sort();
}

/** The same without times of directories: the merge itself changes those of parents. */
export function differencesButTimes(a: Picture, b: Picture): string[] {
  return differences(timeless(a), timeless(b));
}

function timeless(picture: Picture): Picture {
  const withoutTime = (text: string) =>
    text.startsWith("directory ") ? text.split(" ").toSpliced(3, 1).join(" ") : text;
  return Object.fromEntries(Object.entries(picture).map(([k, v]) => [k, withoutTime(v)]));
}
