/**
 * The command lines of a line, with the changed paths in the places of `{path}`, `{paths}`, `{names}`.
 *
 * @module
 */
import { basename } from "@std/path";
import { matchesGlob, type OnChange, PLACEHOLDERS } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { placeOf } from "./load.ts";
import type { ChangedPath, Matcher } from "./matcher.ts";

/** A command line, and the first of the paths that it is about. */
export interface Expanded {
  readonly argv: readonly string[];
  readonly changed: ChangedPath;
}

/** Commands of one line with `{path}`; paths, and characters of paths, of one command. */
const MOST = { commands: 200, paths: 500, characters: 64 << 10 } as const;

/**
 * The changed paths that a line is about, of which one may be enough; none where what it names with
 * `unless=` changes, too.
 */
export function matchesOf(line: OnChange, matcher: Matcher): ChangedPath[] {
  const place = placeOf(line);
  const first = isAboutEach(line) ? undefined : matcher.first(line.glob, place);
  const matching = isAboutEach(line) ? matcher.all(line.glob, place) : first ? [first] : [];
  const isNeedless = matching.length > 0 &&
    line.unless.some((glob) => matcher.first(glob, place) !== undefined);
  return isNeedless ? [] : matching;
}

/** Whether a line is about each path, so that all that match must be known. */
function isAboutEach({ argv }: OnChange): boolean {
  return argv.some((word) => PLACEHOLDERS.includes(word));
}

/**
 * The command lines for the paths that match. Where they name paths, only those that are there
 * afterwards count; `{paths}` and `{names}` become several commands where the paths are too many for
 * one. Throws for more commands than a dance can have, and for names that cannot be given.
 */
export function expand(line: OnChange, matching: readonly ChangedPath[]): Expanded[] {
  const { argv } = line;
  if (!isAboutEach(line)) return matching.slice(0, 1).map((changed) => ({ argv, changed }));
  // A file in the place of a folder is not what was below it.
  const there = matching.filter(({ isFile, path }) => isFile && matchesGlob(line.glob, path));
  const odd = there.find(({ path }) => !path.isWellFormed());
  if (odd) throw cannot(line, `"${printable(odd.path)}" is not UTF-8`);
  if (!argv.includes("{path}")) return batches(there).map((batch) => filled(argv, batch));
  if (there.length > MOST.commands) {
    throw cannot(line, `it matches more than ${MOST.commands} changed paths`, "use {paths}");
  }
  return there.map((one) => filled(argv, [one]));
}

function filled(argv: readonly string[], batch: readonly ChangedPath[]): Expanded {
  const paths = batch.map(({ path }) => path);
  const words = argv.flatMap((word) =>
    word === "{names}" ? paths.map(nameOf) : PLACEHOLDERS.includes(word) ? paths : [word]
  );
  return { argv: words, changed: batch[0]! };
}

/** A name that could be taken for an option is given as a path. */
function nameOf(path: string): string {
  const name = basename(path);
  return name.startsWith("-") ? path : name;
}

function batches(changed: readonly ChangedPath[]): ChangedPath[][] {
  const result: ChangedPath[][] = [];
  let room = 0;
  for (const one of changed) {
    room -= one.path.length;
    if (room < 0 || result.at(-1)!.length === MOST.paths) {
      result.push([]);
      room = MOST.characters - one.path.length;
    }
    result.at(-1)!.push(one);
  }
  return result;
}

function cannot(line: OnChange, why: string, hint?: string): DiscoError {
  const message = `Cannot use ${placeOf(line)}: ${why}`;
  return new DiscoError(message, hint === undefined ? {} : { hint });
}
