/**
 * The end of a sandbox, before its time.
 *
 * @module
 */
import { killGroup } from "../kill_group.ts";

/**
 * SIGKILL to process 1 of the sandbox. The kernel ends the others with it, and bubblewrap, its
 * parent, ends when it is gone; killed itself, bubblewrap would leave them to die a moment later.
 */
export function killSandbox(bubblewrap: number): void {
  const children = readChildren(bubblewrap);
  if (children.length === 0) return killGroup(bubblewrap);
  for (const pid of children) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function readChildren(pid: number): number[] {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
    return text.split(" ").filter((word) => word !== "").map(Number);
  } catch {
    // It has ended, or this kernel does not tell.
    return [];
  }
}
