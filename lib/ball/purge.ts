/**
 * The file `purge` of a ball: which of the paths that it delivered once, and delivers no more, are
 * removed.
 *
 * @module
 */

import { DiscoError } from "../error/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";
import { refuseMany } from "./lines.ts";

/**
 * Parse `purge`: a glob a line, absolute; `#` begins a comment line. `file` is what an error calls the
 * file. Throws a {@linkcode DiscoError} for a path that does not begin with a slash.
 */
export function parsePurge(text: string, file: string): string[] {
  const lines = text.split("\n").map((line, i) => ({ path: line.trim(), number: i + 1 }))
    .filter(({ path }) => path !== "" && !path.startsWith("#"));
  refuseMany(lines.length, file);
  return lines.map(({ path, number }) => {
    if (!path.startsWith("/")) {
      throw new DiscoError(
        `Cannot parse "${printable(file)}", line ${number}: expected an absolute path, found ` +
          `"${shortened(printable(path), 200)}"`,
        { hint: "begin it with a slash" },
      );
    }
    return `/${path.split("/").filter((part) => part !== "" && part !== ".").join("/")}`;
  });
}
