/**
 * What is mounted.
 *
 * @module
 */

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
  return parseMountinfo(Deno.readTextFileSync(`/proc/self/task/${otherThread()}/mountinfo`));
}

/** Parse `/proc/PID/mountinfo`, see proc_pid_mountinfo(5). */
export function parseMountinfo(text: string): Mount[] {
  return text.split("\n").filter(Boolean).map((line) => {
    const fields = line.split(" ").map(unescape);
    const dash = fields.indexOf("-", 6);
    return {
      path: fields[4] ?? "",
      type: fields[dash + 1] ?? "",
      source: fields[dash + 2] ?? "",
    };
  });
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

function unescape(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}
