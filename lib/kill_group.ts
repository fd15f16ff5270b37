/**
 * The end of a program with its children.
 *
 * @module
 */

/** SIGKILL to a process group; it may be gone, and only a daemon of a group of its own be left. */
export function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
