/**
 * The end of a sandbox, before its time.
 *
 * @module
 */
import { kill, killGroup } from "../process/kill_group.ts";

/**
 * SIGKILL to process 1 of the sandbox. The kernel ends the others with it, and bubblewrap, its
 * parent, ends when it is gone; killed itself, bubblewrap would leave them to die a moment later.
 */
export function killSandbox(bubblewrap: number): void {
  const children = readChildren(bubblewrap);
  children.forEach(kill);
  if (children.length === 0) killGroup(bubblewrap);
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
