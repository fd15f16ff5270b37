/**
 * Who may dance.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { rootsFor } from "../state/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { machineView } from "../posix/mod.ts";

/** Throw unless this process is root's; for what is only `tried` it may be root without rights. */
export function requireRoot(command: string, { tried = false } = {}): void {
  const { user } = machineView();
  const uid = user?.uid ?? Deno.uid();
  if (uid === 0 || (tried && user)) return;
  throw new DiscoError(`Cannot ${command}: this needs root, and the user id is ${uid}`, {
    hint: `run it with sudo`,
  });
}

/**
 * The same for a command that writes DISCO's own files only: a user's may lie in a folder of the user's
 * (`--state`).
 */
export function requireRootOrState(command: string, { roots }: Pick<Context, "roots">): void {
  if (roots.var === rootsFor(undefined).var) requireRoot(command);
}
