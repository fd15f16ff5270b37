/**
 * The file `purge` of a ball: which of the paths that it delivered once, and delivers no more, are
 * removed.
 *
 * @module
 */

/** Parse `purge`: a glob a line, absolute or relative to `/`; `#` begins a comment line. */
export function parsePurge(text: string): string[] {
  return text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => `/${line.split("/").filter((part) => part !== "" && part !== ".").join("/")}`);
}
