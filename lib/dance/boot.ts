/**
 * What recovery has to know of a boot by systemd, and to do about it.
 *
 * @module
 */
import { isSystemdRunning } from "../due/mod.ts";
import { run, RunError } from "../run.ts";

/** Milliseconds that the service manager has for an answer. */
const PATIENCE = 30_000;

/**
 * Whether what runs services is up: systemd says that multi-user.target is reached. Before, to start a
 * service would wait for what waits for this.
 */
export async function canCarryOutEffects(): Promise<boolean> {
  if (!isSystemdRunning()) return true;
  const words = ["systemctl", "is-active", "multi-user.target"];
  try {
    return (await run(words, { timeout: PATIENCE, allow: [1, 2, 3, 4] })).trim() === "active";
  } catch (error) {
    if (error instanceof RunError) return false;
    throw error;
  }
}

/**
 * Go on with a boot that has ended in emergency mode, after an undo: nobody can reach the machine as
 * it is. The generators read /etc/fstab again first.
 */
export async function resumeBoot(): Promise<void> {
  if (!isSystemdRunning()) return;
  try {
    await run(["systemctl", "is-active", "--quiet", "emergency.target"], { timeout: PATIENCE });
    await run(["systemctl", "daemon-reload"], { timeout: PATIENCE });
    await run(["systemctl", "--no-block", "default"], { timeout: PATIENCE });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
  }
}
