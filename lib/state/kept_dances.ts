/**
 * The dances that are kept: `<dances>/<id>/result.json`.
 *
 * @module
 */
import { join } from "@std/path";
import type { Roots } from "./roots.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { jsonPieces } from "../terminal/json.ts";
import { shortened } from "../terminal/printable.ts";
import { isDanceId, parseDanceId } from "../result/dance_id.ts";
import { redactChange } from "../result/redact.ts";
import { assertResult } from "../result/shape.ts";
import type { Result } from "../result/result.ts";
import { writeOwn } from "../files/write_own.ts";

/** Bytes that a result may have to be read: a string holds 2^29 characters. */
const LARGEST = 400 << 20;
/** Bytes of all results that are kept; of more the oldest go. */
const MOST_BYTES = 256 << 20;

/** Keep the outcome of a dance, without secrets, readable for root only. */
export function saveResult(roots: Roots, result: Result): void {
  const dir = join(roots.dances, parseDanceId(result.dance));
  Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const kept = { ...result, changes: result.changes.map(redactChange) };
  writeOwn(join(dir, "result.json"), jsonPieces(kept));
}

/**
 * The outcome of a dance. Throws a {@linkcode DiscoError} if there is none, because the dance is not
 * known, not finished or was cut off, or if it cannot be understood.
 */
export function loadResult(roots: Roots, id: string): Result {
  const path = join(roots.dances, parseDanceId(id), "result.json");
  try {
    const { isFile, size } = Deno.lstatSync(path);
    if (!isFile) throw new Error("it is not a regular file");
    if (size > LARGEST) throw new Error(`it has ${size} bytes, more than ${LARGEST}`);
    const result = parse(Deno.readTextFileSync(path));
    assertResult(result);
    if (result.dance !== id) throw new Error("it belongs to another dance");
    return result;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DiscoError(`Cannot find the result of dance "${id}" in "${roots.dances}"`, {
        hint: "see disco history; a dance that was cut off has no result",
      });
    }
    throw new DiscoError(`Cannot read "${path}": ${shortened(messageOf(error), LONGEST_REASON)}`, {
      cause: error,
      hint: `what the dance changed is not known any more: remove "${join(roots.dances, id)}"`,
    });
  }
}

/** The parser's own words would quote whatever is there. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(text === "" ? "it is empty" : "it is damaged: it is not JSON");
  }
}

/** Characters of a reason. */
const LONGEST_REASON = 500;

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

/** The id of the newest dance that has a result, or something in its place; or undefined. */
export function latestDance(roots: Roots): string | undefined {
  return listDances(roots).find((id) => {
    try {
      Deno.lstatSync(join(roots.dances, id, "result.json"));
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

/**
 * Remove all but the newest `keep` dances, at least one, and of these the oldest whose results are
 * together longer than `most` bytes; returns the ids that are gone.
 */
export function pruneDances(roots: Roots, keep: number, most = MOST_BYTES): string[] {
  let bytes = 0;
  const old = listDances(roots).filter((id, i) => {
    bytes += sizeOf(join(roots.dances, id, "result.json"));
    return i > 0 && (i >= keep || bytes > most);
  });
  for (const id of old) Deno.removeSync(join(roots.dances, id), { recursive: true });
  return old;
}

function sizeOf(path: string): number {
  try {
    return Deno.lstatSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
