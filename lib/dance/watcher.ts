/**
 * The watcher of a merge that waits for its confirmation.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { runningInit } from "../init/mod.ts";
import { recoveryCommand } from "../program/self.ts";

/**
 * Let `disco recover` be run at the deadline, whatever becomes of this process and its session: by a
 * timer of the init system where it has any, else by a process of its own, which ends with the log of
 * what is due. After a reboot the boot unit (see `disco install`), or the next dance, sees to it.
 */
export async function armWatcher(
  { roots, root }: Context,
  id: string,
  deadline: number,
): Promise<void> {
  const state = roots.var.replace(/\/var\/disco$/, "") || "/";
  const at = ["--at", new Date(deadline).toISOString()];
  const where = ["--root", root, "--state", state];
  const argv = recoveryCommand(roots.var, "recover", "--quiet", ...at, ...where);
  const seconds = Math.max(1, Math.ceil((deadline - Date.now()) / 1000));
  await runningInit().runLater(watcherOf(id), seconds, argv);
}

/** Nobody has to watch any more. Where that fails, the watcher finds nothing to do. */
export async function disarmWatcher(id: string): Promise<void> {
  await runningInit().cancel(watcherOf(id));
}

function watcherOf(id: string): string {
  return `disco-confirm-${id}`;
}
