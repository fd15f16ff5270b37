/**
 * The dance in progress.
 *
 * @module
 */
import { join } from "@std/path";
import type { Roots } from "../context/mod.ts";

/** The folder of the dance whose namespace is held in `<run>/<id>/ns`, if there is one. */
export function danceInProgress(roots: Roots): string | undefined {
  return names(roots.run).filter((id) => exists(join(roots.run, id, "ns")))
    .map((id) => join(roots.dances, id)).findLast(exists);
}

function names(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map((entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
