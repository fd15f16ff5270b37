/**
 * Effects as people read them.
 *
 * @module
 */
import { printable, shellWord, shortened } from "../terminal/printable.ts";
import type { Effect } from "./record.ts";
import { writesOf } from "./writes.ts";

/** The command line as a person would type it, on one line whatever its words hold. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(" ");
}

/**
 * What is to be known of an effect besides its words, for people: its input and its variables, of these
 * the names only, and the files that it changes. Empty where there is nothing.
 */
export function besides(
  { argv, input, environment }: Omit<Effect, "ball" | "script" | "cwd">,
): string {
  const size = input === undefined ? 0 : Uint8Array.fromBase64(input).length;
  const names = Object.keys(environment ?? {}).map((name) => printable(shortened(name, 50)));
  const has = [...(size > 0 ? [`${size} bytes of input`] : []), ...names];
  const files = writesOf(argv);
  const parts = [
    ...(has.length > 0 ? [`with ${has.join(", ")}`] : []),
    ...(files ? [`changes ${files}, which is neither shown nor undone`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join("; ")})` : "";
}
