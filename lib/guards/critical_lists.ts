/**
 * The lists of critical paths: the shipped one, and what the node and its parameters add.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { listNames, readList } from "../files/list_files.ts";
import shipped from "./critical.conf" with { type: "text" };
import { parseCritical } from "./critical.ts";

/** Where lists come from besides the shipped one. */
export interface CriticalSources {
  /** DISCO's etc root: the node's own files are `<etc>/critical.d/*.conf`. */
  readonly etc: string;
  /** The node's tree of parameters: `<params>/critical.d/NAME`. */
  readonly params: string;
}

/** Lines of all lists: each is held against each changed path. */
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
  return listNames(folder).filter(isList)
    .flatMap((name) => parseCritical(readList(`${folder}/${name}`), `${folder}/${name}`));
}
