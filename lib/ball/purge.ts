/**
 * The file `purge` of a ball: which of the paths that it delivered once, and delivers no more, are
 * removed.
 *
 * @module
 */

import { refuseMany } from "./lines.ts";

/**
 * Parse `purge`: a glob a line, absolute or relative to `/`; `#` begins a comment line. `file` is what
 * an error calls the file.
 */
export function parsePurge(text: string, file: string): string[] {
  const lines = text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  refuseMany(lines.length, file);
  return lines.map((line) =>
    `/${line.split("/").filter((part) => part !== "" && part !== ".").join("/")}`
  );
}
