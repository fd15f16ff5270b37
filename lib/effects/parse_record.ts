/**
 * The form of a record: strings, each ended by a NUL.
 *
 * @module
 */

/** Bytes of one record; the kernel takes 128 KiB a word (execve(2)). */
export const LONGEST_RECORD = 128 << 10;

/** What stands in a record. */
export interface Words {
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Globs, one of whose paths must change. */
  readonly ifChanged: readonly string[];
  /** Paths that its words name, and that were there. */
  readonly needs: readonly string[];
  readonly environment: readonly string[];
}

type Three = [number, number, number];

/** The strings of a record; undefined where it is not whole. */
export function parseRecord(text: string): Words | undefined {
  const strings = text.split("\0");
  const [cwd = "", count = "", ...rest] = strings;
  const counts = /^(\d{1,6})(?:\+(\d{1,6}))?(?:\+(\d{1,6}))?$/.exec(count) ?? [];
  const [argc, globs, paths] = [1, 2, 3].map((i) => Number(counts[i] ?? 0)) as Three;
  const [endOfGlobs, end] = [argc + globs, argc + globs + paths];
  // Behind the last NUL stands nothing, before it the mark that it is whole.
  if (rest.at(-1) !== "" || rest.at(-2) !== "end" || argc === 0 || rest.length < end + 2) {
    return undefined;
  }
  return {
    cwd,
    argv: rest.slice(0, argc),
    ifChanged: rest.slice(argc, endOfGlobs),
    needs: rest.slice(endOfGlobs, end),
    environment: rest.slice(end, -2),
  };
}
