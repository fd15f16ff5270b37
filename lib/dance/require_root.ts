/**
 * Who may dance.
 *
 * @module
 */
import { DiscoError } from "../error.ts";

/** Throw unless this process is root's. */
export function requireRoot(command: string): void {
  if (Deno.uid() === 0) return;
  throw new DiscoError(`Cannot ${command}: this needs root, and the user id is ${Deno.uid()}`, {
    hint: `run it with sudo`,
  });
}
