/**
 * The dances that are kept: `<dances>/<id>/result.json`.
 *
 * @module
 */
import { join } from "@std/path";
import type { Roots } from "../context/roots.ts";
import { DiscoError, messageOf } from "../error.ts";
import { isDanceId, parseDanceId } from "./dance_id.ts";
import { redactChange } from "./redact.ts";
import type { Result } from "./result.ts";
import { writeFileAtomic } from "./write_file.ts";

/** Keep the outcome of a dance, without secrets, readable for root only. */
export function saveResult(roots: Roots, result: Result): void {
  const dir = join(roots.dances, parseDanceId(result.dance));
  Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const kept = { ...result, changes: result.changes.map(redactChange) };
  writeFileAtomic(join(dir, "result.json"), JSON.stringify(kept) + "\n");
}

/**
 * The outcome of a dance. Throws a {@linkcode DiscoError} if there is none, because the dance is not
 * known, not finished or was cut off, or if it cannot be understood.
 */
export function loadResult(roots: Roots, id: string): Result {
  const path = join(roots.dances, parseDanceId(id), "result.json");
  try {
    const result = JSON.parse(Deno.readTextFileSync(path));
    check(result, id);
    return result;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DiscoError(`Cannot find the result of dance "${id}" in "${roots.dances}"`, {
        hint: "see disco history; a dance that was cut off has no result",
      });
    }
    throw new DiscoError(`Cannot read "${path}": ${messageOf(error)}`, { cause: error });
  }
}

/** The ids of all kept dances, newest first; also of those without a result. */
export function listDances(roots: Roots): string[] {
  try {
    const entries = [...Deno.readDirSync(roots.dances)];
    const ids = entries.filter((entry) => entry.isDirectory && isDanceId(entry.name));
    return ids.map((entry) => entry.name).sort().reverse();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new DiscoError(`Cannot list "${roots.dances}": ${messageOf(error)}`, { cause: error });
  }
}

/** The id of the newest dance that has a result, or undefined. */
export function latestDance(roots: Roots): string | undefined {
  return listDances(roots).find((id) => {
    try {
      return Deno.lstatSync(join(roots.dances, id, "result.json")).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

/** Remove all but the newest `keep` dances, at least one; returns the ids that are gone. */
export function pruneDances(roots: Roots, keep: number): string[] {
  const old = listDances(roots).slice(Math.max(1, keep));
  for (const id of old) Deno.removeSync(join(roots.dances, id), { recursive: true });
  return old;
}

function check(value: unknown, id: string): asserts value is Result {
  const result = value as Partial<Result> | null;
  if (result?.schema !== 1) throw new Error("expected schema 1; another DISCO wrote it");
  const lists = ["balls", "changes", "effects", "notSimulated", "metrics"] as const;
  const bad = lists.find((name) => !Array.isArray(result[name]));
  if (bad) throw new Error(`"${bad}" is not a list`);
  if (result.dance !== id) throw new Error("it belongs to another dance");
}
