/**
 * What is mounted.
 *
 * @module
 */
import { parseMountinfo } from "../posix/mountinfo.ts";

/** One mount. */
export interface Mount {
  /** Where it is mounted. */
  readonly path: string;
  /** The file system: `ext4`, `tmpfs`. */
  readonly type: string;
  /** The device, server or whatever the file system calls its source. */
  readonly source: string;
}

/** The mounts of the machine, not those that a dance has made for itself. */
export function mounts(): Mount[] {
  const text = Deno.readTextFileSync(`/proc/self/task/${otherThread()}/mountinfo`);
  return parseMountinfo(text).map(({ path, type, source }) => ({ path, type, source }));
}

/**
 * A thread that began before the dance: only the main thread enters the dance's mount namespace
 * (see `lib/posix/namespace.ts`), the runtime's other ones stay in that of the machine.
 */
function otherThread(): number {
  const others = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => Number(name))
    .filter((id) => id !== Deno.pid).sort((a, b) => a - b);
  return others[0] ?? Deno.pid;
}
