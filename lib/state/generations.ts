/**
 * Where generations are kept: `<var>/generations/<id>/`.
 *
 * @module
 */
import { lstat, readdir } from "../posix/mod.ts";
import type { WithRoots } from "./roots.ts";

/** The folders of generations, committed or not, oldest first. */
export function generationFolders({ roots }: WithRoots): string[] {
  if (!lstat(roots.generations)) return [];
  return readdir(roots.generations).map(({ name }) => `${roots.generations}/${name}`).sort();
}

/** Where a generation keeps the head of its journal. */
export function headPath(folder: string): string {
  return `${folder}/head.json`;
}

/** Where a generation keeps its journal. */
export function journalPath(folder: string): string {
  return `${folder}/journal.json`;
}
