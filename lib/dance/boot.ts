/**
 * What recovery has to know of a boot by systemd, and to do about it.
 *
 * @module
 */
import { isSystemdRunning } from "../due/mod.ts";
import { run, RunError } from "../process/run.ts";

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

/** Milliseconds for what runs all generators while a slow machine boots. */
const LONG_PATIENCE = 600_000;

/** Tries to leave emergency mode, a second apart: its own jobs cannot be replaced while it begins. */
const MOST_TRIES = 60;

/**
 * Let a boot go on with what recovery has changed. systemd has read unit files and /etc/fstab before:
 * it reads them again, so that it gives up mounts that nothing asks for any more. A boot that is, or is
 * about to be, in emergency mode is begun again: nobody can reach the machine as it is.
 */
export async function goOnBooting(): Promise<void> {
  if (!isSystemdRunning()) return;
  await run(["systemctl", "daemon-reload"], { timeout: LONG_PATIENCE });
  for (let tries = 0; await isEmergency(); tries++) {
    try {
      await run(["systemctl", "--no-block", "default"], { timeout: LONG_PATIENCE });
      return;
    } catch (error) {
      if (!(error instanceof RunError) || tries >= MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

async function isEmergency(): Promise<boolean> {
  const properties = "--property=ActiveState,Job";
  const words = ["systemctl", "show", properties, "emergency.target"];
  const text = await run(words, { timeout: LONG_PATIENCE });
  return /^ActiveState=active$|^Job=[1-9]/m.test(text);
}
