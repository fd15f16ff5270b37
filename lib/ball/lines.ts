/**
 * How many lines the files of a ball may have that say something.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Each line of `permissions` and `purge` is held against each path, and there are many of those. */
const MOST = 1000;

/** Throw for too many lines; `file` is what the error calls the file. */
export function refuseMany(lines: number, file: string): void {
  if (lines <= MOST) return;
  throw new DiscoError(`Cannot use "${printable(file)}": it has more than ${MOST} lines`, {
    hint: "put lines together, with globs or by a ball of its own for a part of them",
  });
}
