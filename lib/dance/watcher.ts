/**
 * The watcher of a merge that waits for its confirmation.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { isSystemdRunning } from "../due/mod.ts";
import { run, RunError } from "../process/run.ts";
import { recoveryCommand } from "../program/self.ts";

/**
 * Let `disco recover` be run at the deadline, whatever becomes of this process and its session: by a
 * timer of systemd where that runs, else by a process of its own, which ends with the log of what is
 * due. After a reboot the boot unit (see `disco install`), or the next dance, sees to it.
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
  if (isSystemdRunning()) return await armTimer(id, deadline, argv);
  await run([
    "setsid",
    "--fork",
    "sh",
    "-c",
    'exec "$@" >/dev/null 2>&1 </dev/null',
    "sh",
    ...argv,
  ], { timeout: PATIENCE });
}

/** Milliseconds that the service manager has for a timer. */
const PATIENCE = 30_000;

/**
 * A timer that is exact to the second, and runs in emergency mode, too, where nothing is that comes
 * after sysinit.target; see systemd.timer(5) and systemd.unit(5).
 */
async function armTimer(id: string, deadline: number, argv: readonly string[]): Promise<void> {
  const seconds = Math.max(1, Math.ceil((deadline - Date.now()) / 1000));
  const anywhere = ["DefaultDependencies=no", "IgnoreOnIsolate=yes"];
  await disarmWatcher(id);
  await run([
    "systemd-run",
    "--collect",
    "--quiet",
    `--unit=${timerOf(id)}`,
    `--on-active=${seconds}s`,
    "--timer-property=AccuracySec=1s",
    ...anywhere.flatMap((one) => [`--property=${one}`, `--timer-property=${one}`]),
    ...argv,
  ], { timeout: PATIENCE });
}

/** Nobody has to watch any more. Where that fails, the watcher finds nothing to do. */
export async function disarmWatcher(id: string): Promise<void> {
  if (!isSystemdRunning()) return;
  try {
    await run(["systemctl", "stop", `${timerOf(id)}.timer`], { timeout: PATIENCE });
  } catch (error) {
    if (!(error instanceof RunError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function timerOf(id: string): string {
  return `disco-confirm-${id}`;
}
