/**
 * The lists of critical paths: the shipped one, and what the node and its parameters add.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import shipped from "./critical.conf" with { type: "text" };
import { parseCritical } from "./critical.ts";

/** Where lists come from besides the shipped one. */
export interface CriticalSources {
  /** DISCO's etc root: the node's own files are `<etc>/critical.d/*.conf`. */
  readonly etc: string;
  /** The node's tree of parameters: `<params>/critical.d/NAME`. */
  readonly params: string;
}

/** Bytes of one list, and lines of all of them: each is held against each changed path. */
const LARGEST = 1 << 20;
const MOST_LINES = 10_000;

/** The globs in force: the shipped ones, then those of the node's files and of its parameters. */
export function criticalGlobs({ etc, params }: CriticalSources): string[] {
  const globs = [
    ...parseCritical(shipped, "shipped/critical.conf"),
    ...globsIn(`${etc}/critical.d`, (name) => name.endsWith(".conf")),
    ...globsIn(`${params}/critical.d`, () => true),
  ];
  if (globs.length <= MOST_LINES) return globs;
  throw new DiscoError(`Cannot use critical.d: there are more than ${MOST_LINES} lines`, {
    hint: "put lines together with globs",
  });
}

function globsIn(folder: string, isList: (name: string) => boolean): string[] {
  return namesIn(folder).filter(isList).sort()
    .flatMap((name) => parseCritical(textOf(`${folder}/${name}`), `${folder}/${name}`));
}

function textOf(path: string): string {
  try {
    const { size, isFile } = Deno.statSync(path);
    if (!isFile || size > LARGEST) throw new Error(`it is no file of at most ${LARGEST} bytes`);
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new DiscoError(`Cannot read "${printable(path)}": ${messageOf(cause)}`, { cause });
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}
