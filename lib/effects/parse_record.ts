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
  readonly environment: readonly string[];
}

/** The strings of a record; undefined where it is not whole. */
export function parseRecord(text: string): Words | undefined {
  const strings = text.split("\0");
  const [cwd = "", count = "", ...rest] = strings;
  const argc = Number(/^\d{1,6}$/.test(count) ? count : 0);
  // Behind the last NUL stands nothing, before it the mark that it is whole.
  if (rest.at(-1) !== "" || rest.at(-2) !== "end" || argc === 0 || rest.length < argc + 2) {
    return undefined;
  }
  return { cwd, argv: rest.slice(0, argc), environment: rest.slice(argc, -2) };
}
