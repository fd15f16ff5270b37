/**
 * How DISCO becomes root in a user namespace of its own. A process that has threads, as every one of
 * Deno's, cannot enter one (unshare(2)): it is started again by unshare(1), in its own place.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { execute, ROOTLESS } from "../posix/mod.ts";
import { selfCommand } from "../program/self.ts";
import { whyNot } from "./why_not.ts";

/** The one id that an ordinary user may map is the own one, and it becomes root's. */
const UNSHARE = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"];

/**
 * Start `disco ...words` anew as root of a user namespace, unless this process is root in some way
 * already. Throws where this machine does not let users have such a namespace.
 */
export async function becomeRootless(action: string, words: readonly string[]): Promise<void> {
  if (Deno.uid() === 0) return;
  const obstacle = await whyNot(UNSHARE);
  if (obstacle) {
    throw new DiscoError(`Cannot ${action} without root: ${obstacle.what}`, {
      hint: `${obstacle.advice}; or run it with sudo`,
    });
  }
  execute([...UNSHARE, "--", ...selfCommand(...words)], {
    ...Deno.env.toObject(),
    [ROOTLESS]: `${Deno.uid()}:${Deno.gid()}`,
  });
}
