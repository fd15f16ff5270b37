/**
 * A control group for what runs in the sandbox, where cgroup 2 can be written: it bounds how many
 * processes there are, and ends them all at once (Documentation/admin-guide/cgroup-v2.rst).
 *
 * @module
 */
import { lstat, nameOf, readdir, readFile } from "../posix/mod.ts";

/** Processes and threads of one sandbox; a fork bomb meets it soon. */
const MOST_PROCESSES = 4096;

/** The folder of a new control group, or undefined where there can be none. */
export function makeCgroup(id: string): string | undefined {
  const top = cgroup2Mount();
  if (!top) return undefined;
  const folder = `${top}/disco-${id}`;
  try {
    if (!lstat(folder)) Deno.mkdirSync(folder);
    // To join one takes 10 ms and more. It is worth that only where it bounds the processes: to end
    // them all, their PID namespace is enough.
    if (!lstat(`${folder}/pids.max`) || !lstat(`${folder}/cgroup.kill`)) return undefined;
    Deno.writeTextFileSync(`${folder}/pids.max`, String(MOST_PROCESSES));
    return folder;
  } catch {
    // Not root's to write, or read-only: the PID namespace ends what runs in it, too.
    return undefined;
  }
}

/** End everything in a control group. */
export function killCgroup(folder: string): void {
  Deno.writeTextFileSync(`${folder}/cgroup.kill`, "1");
}

/** Remove the control group of a dance, with what a crash may have left in it. */
export function dropCgroup(id: string): void {
  const top = cgroup2Mount();
  const folder = `${top}/disco-${id}`;
  if (!top || !lstat(folder)) return;
  try {
    killCgroup(folder);
    // The kernel takes a moment to bury what was killed.
    for (let tries = 0; tries < 100 && !isEmpty(folder); tries++) pause(10);
    Deno.removeSync(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Control groups that dances have left, by the dances' ids. */
export function leftCgroups(): string[] {
  const top = cgroup2Mount();
  if (!top) return [];
  return readdir(top).map(({ name }) => /^disco-(\d{8}T\d{6}Z-[0-9a-f]{6})$/.exec(name)?.[1])
    .filter((id) => id !== undefined);
}

function cgroup2Mount(): string | undefined {
  const lines = nameOf(readFile("/proc/self/mountinfo")).split("\n").map((line) => line.split(" "));
  const found = lines.find((fields) =>
    fields[fields.indexOf("-", 6) + 1] === "cgroup2" && fields[5]?.split(",").includes("rw")
  );
  return found?.[4];
}

function isEmpty(folder: string): boolean {
  return nameOf(readFile(`${folder}/cgroup.procs`)).trim() === "";
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
