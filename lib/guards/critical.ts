/**
 * Critical paths: what a machine needs to start, to be reached, and to let its people in.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import type { Change } from "../result/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";

/** The changes of critical paths. */
export function criticalChanges(changes: readonly Change[], globs: readonly string[]): Change[] {
  // Most globs are ruled out by how they begin, and that is far cheaper.
  const known = globs.map((glob) => ({ glob, start: glob.replace(/[*?[\\].*$/s, "") }));
  return changes.filter(({ path, contained }) =>
    known.some(({ glob, start }) => path.startsWith(start) && coversPath([glob], path)) ||
    // A directory that goes takes with it what is below.
    contained !== undefined && globs.some((glob) => glob.startsWith(`${path}/`))
  );
}

/**
 * Parse a list: a glob a line, absolute; `#` begins a comment line. `file` is what an error calls it.
 */
export function parseCritical(text: string, file: string): string[] {
  return text.split("\n").map((line, i) => ({ glob: line.trim(), number: i + 1 }))
    .filter(({ glob }) => glob !== "" && !glob.startsWith("#"))
    .map(({ glob, number }) => {
      if (glob.startsWith("/")) return glob.length > 1 ? glob.replace(/\/+$/, "") : glob;
      throw new DiscoError(
        `Cannot parse "${printable(file)}", line ${number}: expected an absolute path, found ` +
          `"${shortened(printable(glob), 200)}"`,
        { hint: "begin it with a slash" },
      );
    });
}
