/**
 * The end of a program with its children.
 *
 * @module
 */

/**
 * SIGKILL to a process group, or to the child of this process that is about to lead it; it may be
 * gone, and only a daemon of a group of its own be left.
 */
export function killGroup(pid: number): void {
  if (!kill(-pid) && isChild(pid)) kill(pid);
}

/** SIGKILL to a process, or with a negative number to a group; false where there is none. */
export function kill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}

/** Whether a number is still that of a child, by the field `ppid` of proc_pid_stat(5). */
function isChild(pid: number): boolean {
  try {
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /s, "").split(" ");
    return Number(fields[1]) === Deno.pid;
  } catch {
    return false;
  }
}
